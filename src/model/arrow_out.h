// Handing rows over as Arrow's published structs. Numbers and times are shared, not copied; what is handed over keeps
// the rows alive. It knows nothing of streams or of kith.h.
#pragma once

#include "kith_arrow.h"
#include "model/rows.h"

namespace kith {

// Each fills one struct, which its receiver releases. A column's format depends on its meaning and on what its cells
// are: text unless every cell of it is of one type.
void export_schema(const RowsPtr& rows, ArrowSchema& out);
void export_rows(const RowsPtr& rows, ArrowArray& out);

}  // namespace kith
