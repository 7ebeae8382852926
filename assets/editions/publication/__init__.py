"""Whether, as what and where an edition appears: the gate, the version, the folder, what changed against the one before."""
