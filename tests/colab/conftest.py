collect_ignore = ["stub"]
