from . import test_audit
from . import test_clock
from . import test_clock_sweep
from . import test_complaint
from . import test_duplicate
from . import test_holiday_import
from . import test_import
from . import test_livechat
from . import test_merge
from . import test_satisfaction
from . import test_upstream_defects
from . import test_viewers
from . import test_worktime
from . import test_worktime_random

from . import test_access_matrix
from . import test_portal
from . import test_update
