"""The monitor as a server has it (``deployment/``), started on this machine: by the commands of its services."""
