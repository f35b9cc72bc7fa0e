"""A check whether published bert4keras scripts run after migration: docs/compatibility.md."""
