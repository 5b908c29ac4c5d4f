#pragma once

/// The runtime: handlers of Lambda invocations and of an API's requests.
#include "lambda/authorizer.hpp"
#include "lambda/context.hpp"
#include "lambda/handler.hpp"
#include "lambda/http.hpp"
#include "lambda/log.hpp"
#include "lambda/metrics.hpp"
#include "lambda/response_stream.hpp"
#include "lambda/router.hpp"
#include "lambda/runtime.hpp"
#include "lambda/stream_event.hpp"
