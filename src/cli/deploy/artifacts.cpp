#include "cli/deploy/artifacts.hpp"

namespace stator::cli {

Result<http::Response> Artifacts::ask(std::string method, const std::string& target,
                                      std::string body, std::string_view type) {
  http::Request request{.method = std::move(method), .target = target, .body = std::move(body)};
  if (!type.empty()) request.headers.set("Content-Type", std::string(type));
  // On AWS a bucket of this name may be another account's: nothing is to be put there.
  const bool is_new_bucket = request.method == "PUT" && target.find('/', 1) == std::string::npos;
  if (client_.connection().is_public() && !is_new_bucket) {
    request.headers.set("X-Amz-Expected-Bucket-Owner", account_);
  }
  return client_.send("s3", std::move(request));
}

Result<void> Artifacts::open() {
  if (!bucket_.empty()) return {};
  STATOR_TRY(const auto caller, client_.query("sts", "2011-06-15", "GetCallerIdentity", {}));
  account_ = json::find_string(caller, "Account").value_or("");
  const std::string& region = client_.connection().region;
  const std::string name = "stator-artifacts-" + account_ + "-" + region;
  STATOR_TRY(const auto head, ask("HEAD", "/" + name));
  if (head.status == 403) {
    return Error{ErrorCode::kAccessDenied,
                 "the bucket " + name + " for packages is another account's, or not to be read"};
  }
  if (head.status == 404) {
    // us-east-1 is the one region that must not be named.
    const std::string place =
        region == "us-east-1" ? ""
                              : "<CreateBucketConfiguration xmlns=\""
                                "http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" +
                                    region + "</LocationConstraint></CreateBucketConfiguration>";
    STATOR_TRY(const auto made, ask("PUT", "/" + name, place));
    if (made.status != 200) return error_of(made);
  } else if (head.status != 200) {
    return error_of(head);
  }
  bucket_ = name;
  return {};
}

Result<void> Artifacts::put(const std::string& key, std::string_view type,
                            const std::function<Result<std::string>()>& contents) {
  STATOR_TRY_VOID(open());
  const std::string target = "/" + bucket_ + "/" + key;
  STATOR_TRY(const auto head, ask("HEAD", target));
  if (head.status == 200) return {};
  STATOR_TRY(std::string bytes, contents());
  STATOR_TRY(const auto answer, ask("PUT", target, std::move(bytes), type));
  if (answer.status != 200) return error_of(answer);
  ++uploaded_;
  return {};
}

std::string Artifacts::url_of(const std::string& key) const {
  return client_.endpoint_of("s3") + "/" + bucket_ + "/" + key;
}

}  // namespace stator::cli
