"""The rules of `cities.standing` as one SQL view, for every relationship and day at once.

Each accepted, published line that moves a standing opens a period (`cities.records.periods`); the
view says how the relationship stands in it.
"""

from collections.abc import Iterable

from cities.records.periods import PeriodView, turning
from cities.standing import ACTIVE, FIRM, LIVE, MOVING, STATUS_OF, Party, Status

VIEW = "cities_standing_period"
_TABLE = "cities_entry"


def _in(kinds: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{kind!s}'" for kind in kinds) + ")"


def _side(party: str) -> str:
    return f"party IN ('{party}', '{Party.BOTH.value}')"


_STATUS = " ".join(f"WHEN '{k.value}' THEN '{s.value}'" for k, s in STATUS_OF.items())  # type: ignore[attr-defined]
_HOME, _PARTNER = _side(Party.HOME.value), _side(Party.PARTNER.value)

_SELECT = f"""
WITH moving AS (
    SELECT id, relationship_id, on_earliest, kind, party, type_id,
        CASE kind {_STATUS} END AS status,
        CASE WHEN kind IN {_in(FIRM)} THEN 1 ELSE 0 END AS firm,
        CASE WHEN kind IN {_in(LIVE)} THEN 1 ELSE 0 END AS live,
        ROW_NUMBER() OVER (PARTITION BY relationship_id ORDER BY on_earliest, number) AS n
    FROM {_TABLE}
    WHERE publication = 'published' AND acceptance = 'accepted'
        AND on_earliest IS NOT NULL AND kind IN {_in(MOVING)}
), reached AS (
    SELECT moving.*,
        MAX(CASE WHEN {_HOME} AND firm = 1 THEN n END) OVER so_far AS home_firm,
        MAX(CASE WHEN {_HOME} THEN n END) OVER so_far AS home_last,
        MAX(CASE WHEN {_PARTNER} AND firm = 1 THEN n END) OVER so_far AS partner_firm,
        MAX(CASE WHEN {_PARTNER} THEN n END) OVER so_far AS partner_last,
        MAX(CASE WHEN type_id IS NOT NULL AND firm = 1 THEN n END) OVER so_far AS type_firm,
        MAX(CASE WHEN type_id IS NOT NULL THEN n END) OVER so_far AS type_last,
        MIN(CASE WHEN kind IN {_in(ACTIVE)} THEN n END) OVER so_far AS began
    FROM moving
    WINDOW so_far AS (PARTITION BY relationship_id ORDER BY n)
), sides AS (
    SELECT reached.*,
        CASE WHEN hf.live = 1 THEN hf.status ELSE hl.status END AS home,
        CASE WHEN pf.live = 1 THEN pf.status ELSE pl.status END AS partner,
        tf.type_id AS firm_type, tl.type_id AS last_type
    FROM reached
    LEFT JOIN moving hf ON hf.relationship_id = reached.relationship_id AND hf.n = home_firm
    LEFT JOIN moving hl ON hl.relationship_id = reached.relationship_id AND hl.n = home_last
    LEFT JOIN moving pf ON pf.relationship_id = reached.relationship_id AND pf.n = partner_firm
    LEFT JOIN moving pl ON pl.relationship_id = reached.relationship_id AND pl.n = partner_last
    LEFT JOIN moving tf ON tf.relationship_id = reached.relationship_id AND tf.n = type_firm
    LEFT JOIN moving tl ON tl.relationship_id = reached.relationship_id AND tl.n = type_last
), overall AS (
    SELECT sides.*,
        CASE WHEN home IS NULL THEN partner
            WHEN partner IS NULL OR home = partner THEN home
            ELSE '{Status.CONTESTED.value}' END AS stands
    FROM sides
), typed AS (
    SELECT overall.*,
        CASE WHEN stands = '{Status.PROPOSED.value}' THEN last_type
            ELSE COALESCE(firm_type, last_type) END AS stands_as
    FROM overall
), {turning("relationship_id", "typed", "stands || ' ' || COALESCE(stands_as, 0)")}
SELECT turned.id, turned.relationship_id, turned.on_earliest AS first_day, turned.until,
    turned.stands AS status, turned.home, turned.partner, turned.stands_as AS type_id,
    since.id AS since_id, began.id AS began_id
FROM turned
JOIN moving since ON since.relationship_id = turned.relationship_id AND since.n = turned.since
LEFT JOIN moving began ON began.relationship_id = turned.relationship_id AND began.n = turned.began
"""

STANDINGS = PeriodView(VIEW, _TABLE, _SELECT)
