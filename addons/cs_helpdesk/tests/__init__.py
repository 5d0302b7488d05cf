from . import test_viewers
