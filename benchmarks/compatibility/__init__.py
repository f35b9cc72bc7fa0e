"""Whether published bert4keras scripts run after `gplinker migrate`: docs/compatibility.md."""
