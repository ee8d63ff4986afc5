-- The gate: the differences in the catalogue, for status and at the end of migrate.
select d.object, d.finding, d.remedy, d.blocks
from history.state s cross join lateral history.differences(s.phase) d
order by d.object, d.finding
