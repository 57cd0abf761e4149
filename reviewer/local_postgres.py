"""The embedded Postgres (placeholder)."""


def url(role: str) -> str:
    return f"postgresql://{role}@/benchbook"


def is_needed(argv: list[str]) -> bool:
    return False


def start() -> None:
    raise NotImplementedError
