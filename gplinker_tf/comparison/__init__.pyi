from .compare import make_table as make_table
from .result import TableResult as TableResult
from .variants import VARIANTS as VARIANTS
from .variants import chosen_variants as chosen_variants
