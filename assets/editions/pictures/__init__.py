"""What draws: the figures of the reports, the pictures of the quality page, the flow of supervision."""
