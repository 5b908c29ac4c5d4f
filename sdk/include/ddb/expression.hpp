#pragma once

/// What conditions and updates are written with.
#include "ddb/column.hpp"         // IWYU pragma: export
#include "ddb/condition.hpp"      // IWYU pragma: export
#include "ddb/key_condition.hpp"  // IWYU pragma: export
#include "ddb/placeholders.hpp"   // IWYU pragma: export
