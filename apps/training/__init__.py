"""Training: datasets that are prepared of projects and folders. They lie in the data directory; there is no table."""
