#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "aws/operation.hpp"
#include "s3/errors.hpp"
#include "s3/objects.hpp"

namespace stator::s3 {

template <class Parsed>
struct Parts {
  std::function<Result<Parsed>(const aws::Call&, const aws::RawRequest&)> parse;
  std::function<Result<aws::Needs>(const aws::Call&, const Parsed&)> needs;
  std::function<Result<http::Response>(aws::Call&, Parsed)> handle;
};

/// An operation that reads and authorizes on the loop and does its work, which waits for the disk,
/// on a worker. SlowDown when too much is queued.
template <class Parsed>
[[nodiscard]] aws::Operation on_workers(Objects& objects, std::string name, aws::ByPath path,
                                        Parts<Parsed> parts) {
  auto handler = [&objects, handle = std::move(parts.handle)](aws::Call& call, Parsed parsed,
                                                              aws::Reply reply) {
    const auto shared = std::make_shared<Parsed>(std::move(parsed));
    const auto task = [&call, handle, shared, reply] {
      try {
        reply(handle(call, std::move(*shared)));
      } catch (const std::exception& error) {
        reply(internal(error.what()));
      }
    };
    if (!objects.workers().post(task)) reply(slow_down());
  };
  auto parse = [parse = std::move(parts.parse)](const aws::Call& call,
                                                const aws::RawRequest& raw) -> Result<Parsed> {
    const auto owner = raw.http.headers.find("x-amz-expected-bucket-owner");
    if (owner && *owner != call.account) {
      return s3_error(ErrorCode::kAccessDenied, "AccessDenied", "Access Denied");
    }
    return parse(call, raw);
  };
  return aws::Operation::raw_later<Parsed>(std::move(name), std::move(path), std::move(parse),
                                           std::move(parts.needs), std::move(handler));
}

}  // namespace stator::s3
