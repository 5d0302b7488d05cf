"""Whether bytes are a picture that may be kept: judged by content, never by name."""

import io
import warnings

from PIL import Image

KINDS = {"JPEG", "PNG", "WEBP", "GIF", "MPO"}
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000


def picture_problem(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS):
    """Return "size", "kind" or "pixels", or None for a picture one may keep.

    The header alone is read before the picture is unpacked, so that a picture bomb
    costs nothing.
    """
    if len(data) > max_bytes:
        return "size"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                if picture.format not in KINDS:
                    return "kind"
                if picture.width * picture.height > max_pixels:
                    return "pixels"
                picture.verify()
    except Image.DecompressionBombError:
        return "pixels"
    except (OSError, SyntaxError, ValueError):
        return "kind"
    return None
