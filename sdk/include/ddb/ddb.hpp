#pragma once

/// The object mapper: plain structs in DynamoDB tables, with mistakes found by the compiler.
#include "ddb/batch.hpp"        // IWYU pragma: export
#include "ddb/client.hpp"       // IWYU pragma: export
#include "ddb/collection.hpp"   // IWYU pragma: export
#include "ddb/error.hpp"        // IWYU pragma: export
#include "ddb/expression.hpp"   // IWYU pragma: export
#include "ddb/options.hpp"      // IWYU pragma: export
#include "ddb/page.hpp"         // IWYU pragma: export
#include "ddb/partiql.hpp"      // IWYU pragma: export
#include "ddb/schema.hpp"       // IWYU pragma: export
#include "ddb/table.hpp"        // IWYU pragma: export
#include "ddb/tables.hpp"       // IWYU pragma: export
#include "ddb/transaction.hpp"  // IWYU pragma: export
#include "ddb/types.hpp"        // IWYU pragma: export
#include "ddb/update.hpp"       // IWYU pragma: export
