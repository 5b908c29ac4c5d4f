#pragma once

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "aws/service_index.hpp"
#include "base/check.hpp"
#include "s3/objects.hpp"
#include "s3/service.hpp"

/// What the tests of S3 stand on: stores in a directory of their own, and the API without a server.
namespace stator::s3 {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "stator-s3-XXXXXX").string();
    STATOR_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Bench {
  TemporaryDirectory directory;
  std::unique_ptr<storage::Store> store = storage::make_memory_store();
  storage::BlobStore blobs{directory.path()};
  WorkerPool workers{2, 64};
  std::optional<Objects> objects{std::in_place, *store, blobs, workers};

  /// Waits for what is being removed, and looks how many blobs there are.
  std::size_t count_blobs() {
    objects.reset();
    objects.emplace(*store, blobs, workers);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    return files;
  }
};

/// Grants all but one action, and remembers what was asked.
struct FakeAuthorizer final : aws::Authorizer {
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission> needs) override {
    asked.assign(needs.begin(), needs.end());
    keys.clear();
    for (const auto& need : needs) {
      for (const auto& [name, values] : need.keys ? need.keys() : aws::ConditionKeys()) {
        keys += name + "=" + values.at(0) + " ";
      }
    }
    for (const auto& need : needs) {
      if (need.action == denied) return Error{ErrorCode::kAccessDenied, "no"};
    }
    return {};
  }
  std::string denied;
  std::vector<aws::Permission> asked;
  std::string keys;  ///< "name=value " of each
};

/// Sends requests to the operation that their method and path name.
struct Api {
  explicit Api(Objects& objects) : services{make_service(objects)}, index(services) {
    call.account = "000000000000";
    call.region = "us-east-1";
    call.now = from_epoch_ms(1'767'323'045'000);
  }

  Result<http::Response> send(http::Request request) {
    const auto target = index.find(request);
    STATOR_CHECK(target.operation != nullptr);
    operation = target.operation->name();
    const auto labels = target.path->labels(request.path()).value();
    const aws::RawRequest raw{request, labels};
    std::promise<Result<http::Response>> answer;
    target.operation->run_raw(call, raw, authorizer, [&](Result<http::Response> response) {
      answer.set_value(std::move(response));
    });
    return answer.get_future().get();
  }
  Result<http::Response> send(std::string method, std::string path, std::string body = {},
                              http::Headers headers = {}) {
    return send({std::move(method), std::move(path), std::move(headers), std::move(body)});
  }
  /// The AWS name of the error that the request meets, "" when it meets none.
  std::string error(std::string method, std::string path, std::string body = {},
                    http::Headers headers = {}) {
    const auto response =
        send(std::move(method), std::move(path), std::move(body), std::move(headers));
    return response ? "" : response.error().aws_type;
  }

  std::vector<aws::Service> services;
  aws::ServiceIndex index;
  FakeAuthorizer authorizer;
  aws::Call call;
  std::string operation;
};

}  // namespace stator::s3
