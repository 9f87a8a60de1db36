"""The archive of 广东扶贫网: bytes first, then articles read from them, every field traceable to a capture."""

__version__ = "0.1.0"
