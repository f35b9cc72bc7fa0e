"""All that is said of the package is said in pyproject.toml."""

from setuptools import setup

setup()
