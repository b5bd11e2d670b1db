"""The version of this package, reported in acknowledgements and in the user agent."""

__version__ = "0.1.0"
SDK_NAME = "telltale-python"
