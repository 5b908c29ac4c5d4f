#pragma once

/// The runtime: handlers of Lambda invocations and of an HTTP API's requests.
#include "lambda/http.hpp"     // IWYU pragma: export
#include "lambda/log.hpp"      // IWYU pragma: export
#include "lambda/runtime.hpp"  // IWYU pragma: export
