BROWSER = ""
VERDICTS: dict[str, dict[str, str]] = {}
