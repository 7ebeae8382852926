"""Each municipality beside comparable ones: ``municipalities/<code>.html``."""
