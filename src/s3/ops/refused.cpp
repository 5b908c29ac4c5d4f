#include "s3/errors.hpp"
#include "s3/ops/ops.hpp"
#include "s3/request.hpp"

namespace stator::s3 {

aws::Operation refused(std::string name, std::string method, std::string path) {
  struct Request {};
  const auto parse = [name](const aws::Call&, const aws::RawRequest& raw) -> Result<Request> {
    // A sub-resource (?acl, ?policy, ?uploads) says better what was wanted.
    STATOR_TRY([[maybe_unused]] const auto parameters, Parameters::read(raw, {}));
    return not_implemented(name);
  };
  const auto needs = [](const aws::Call&, const Request&) -> Result<aws::Needs> {
    return not_implemented("this operation");
  };
  const auto handle = [](aws::Call&, Request) -> Result<http::Response> {
    return not_implemented("this operation");
  };
  aws::ByPath wire{std::move(method), std::move(path)};
  return aws::Operation::raw<Request>(std::move(name), std::move(wire), parse, needs, handle);
}

}  // namespace stator::s3
