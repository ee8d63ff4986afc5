-- The gate: what in the catalogue is not what it must be.
select d.object, d.finding, d.remedy, d.blocks
from history.state s cross join lateral history.differences(s.phase) d
order by d.object, d.finding
