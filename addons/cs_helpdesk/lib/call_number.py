"""How the number of a call is shown to those who may not read it."""


def mask_number(number):
    """Return 138****5678; short numbers are hidden altogether."""
    text = (number or "").strip()
    if not text:
        return False
    if len(text) < 8:
        return "****"
    return f"{text[:3]}****{text[-4:]}"
