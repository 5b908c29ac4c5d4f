#pragma once

#include <functional>
#include <vector>

#include "base/unique_fd.hpp"
#include "base/worker_pool.hpp"
#include "http/server.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

/// For http::Response::stream: sends a part of a body from its files, a piece at a time, as fast as
/// the client takes it; a worker has it only while there is something to send. `workers` outlives
/// the answer. When a file cannot be read or no worker can be had, the connection is cut, so that
/// the client sees that the body is not whole.
[[nodiscard]] std::function<void(http::BodyWriter&&)> stream_body(std::vector<UniqueFd> files,
                                                                  const ObjectInfo& info, Span span,
                                                                  WorkerPool& workers);

}  // namespace stator::s3
