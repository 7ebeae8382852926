"""Rough data folders, and single cells, through whole runs: nothing ordinary stops one."""
