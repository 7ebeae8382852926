"""Where each number comes from: ``explain/<report>/<table>.html``, and the same for ``lea explain``."""
