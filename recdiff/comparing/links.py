"""Signed links: one link, signed anew, differs in its signature and in the times that the signature covers."""

from __future__ import annotations

_SCHEMES: dict[str, frozenset[str]] = {
    "x-amz-signature": frozenset(
        ("x-amz-signature", "x-amz-date", "x-amz-credential", "x-amz-security-token", "x-amz-expires")
    ),
    "x-goog-signature": frozenset(("x-goog-signature", "x-goog-date", "x-goog-credential", "x-goog-expires")),
    "signature": frozenset(
        ("signature", "expires", "key-pair-id", "policy", "awsaccesskeyid", "googleaccessid", "ossaccesskeyid")
    ),
    "sig": frozenset(("sig", "se", "st", "ske", "skt", "skoid", "sktid")),
}
"""What each way of signing draws anew (S3, Google Cloud Storage, CloudFront and older S3, Azure), by its signature."""


def differ_in_signature(old: str, new: str) -> bool:
    """Whether two texts are one link, signed anew in one way. A link without a signature is compared as it stands."""
    if not (old.startswith(("https://", "http://")) and new.startswith(("https://", "http://"))):
        return False
    if "?" not in old or "?" not in new or any(char.isspace() for char in old + new):
        return False
    from urllib.parse import parse_qsl, urlsplit  # 4 ms, for links alone

    try:
        before, after = urlsplit(old), urlsplit(new)
        if (before[:3], before.fragment) != (after[:3], after.fragment):
            return False
        asked, answered = parse_qsl(before.query, True), parse_qsl(after.query, True)
    except ValueError:
        return False
    names = {name.lower() for name, _ in asked} & {name.lower() for name, _ in answered}
    drawn = next((drawn for signature, drawn in _SCHEMES.items() if signature in names), None)
    return drawn is not None and _kept(asked, drawn) == _kept(answered, drawn)


def _kept(query: list[tuple[str, str]], drawn: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in query if name.lower() not in drawn]


def unsigned(text: str) -> str | None:
    """A signed link without what its signing draws anew; None for any other text."""
    if not text.startswith(("https://", "http://")) or "?" not in text or any(map(str.isspace, text)):
        return None
    from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query, True)
    except ValueError:
        return None
    names = {name.lower() for name, _ in query}
    drawn = next((drawn for signature, drawn in _SCHEMES.items() if signature in names), None)
    if drawn is None:
        return None
    return urlunsplit((*parts[:3], urlencode(_kept(query, drawn)), parts.fragment))
