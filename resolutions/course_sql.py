"""The rules of `resolutions.course` as one SQL view, for every resolution and day at once.

Each published action that changes a status opens a period (`cities.records.periods`); the view
gives the status of the resolution in it.
"""

from cities.records.periods import PeriodView, turning
from resolutions.course import STATUS_OF, Kind, Outcome, Status

VIEW = "resolutions_course_period"
_TABLE = "resolutions_action"

_KINDS = ", ".join(f"'{kind!s}'" for kind in STATUS_OF)
_STATUS = " ".join(f"WHEN '{kind!s}' THEN '{status!s}'" for kind, status in STATUS_OF.items())
_LOST = f"outcome = '{Outcome.LOST.value}'"
_ADOPT = f"kind = '{Kind.ADOPT.value}'"

_SELECT = f"""
WITH moving AS (
    SELECT id, resolution_id, on_earliest,
        CASE WHEN {_ADOPT} AND {_LOST} THEN '{Status.FAILED.value}'
            ELSE CASE kind {_STATUS} END END AS status,
        ROW_NUMBER() OVER (PARTITION BY resolution_id ORDER BY on_earliest, number) AS n
    FROM {_TABLE}
    WHERE publication = 'published' AND on_earliest IS NOT NULL
        AND kind IN ({_KINDS}) AND (NOT ({_LOST}) OR {_ADOPT})
), {turning("resolution_id", "moving", "status")}
SELECT turned.id, turned.resolution_id, turned.on_earliest AS first_day, turned.until,
    turned.status, since.id AS since_id
FROM turned
JOIN moving since ON since.resolution_id = turned.resolution_id AND since.n = turned.since
"""

COURSES = PeriodView(VIEW, _TABLE, _SELECT)
