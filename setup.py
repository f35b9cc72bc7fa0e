"""Packaging; the tools' settings are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent

VERSION = re.search(
    r'^__version__ = "(.+)"$',
    (ROOT / "gplinker_tf" / "__init__.py").read_text("utf-8"),
    re.MULTILINE,
)[1]
REQUIREMENTS = [
    line
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

setup(
    name="gplinker_tf",
    version=VERSION,
    description="GPLinker: relation extraction with GlobalPointer, for Keras and TensorFlow",
    long_description=(ROOT / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.10",
    packages=find_packages(include=["gplinker_tf", "gplinker_tf.*"]),
    package_data={"gplinker_tf": ["data/sample/*", "report/*.html", "py.typed"], "": ["*.pyi"]},
    install_requires=REQUIREMENTS,
    entry_points={"console_scripts": ["gplinker=gplinker_tf.cli.app:main"]},
    classifiers=[
        "License :: OSI Approved :: Apache Software License",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Text Processing :: Linguistic",
    ],
)
