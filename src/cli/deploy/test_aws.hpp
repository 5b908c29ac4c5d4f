#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "cli/aws_client.hpp"
#include "http/server.hpp"

/// What the tests of commands share.
namespace stator::cli {

/// A directory of a test's own, gone with it.
class TestDirectory {
 public:
  TestDirectory() {
    SystemRandom random;
    path_ = std::filesystem::temp_directory_path() /
            ("stator-cli-" + random_text(random, kLowerAlnum, 12));
    std::filesystem::create_directories(path_);
  }
  ~TestDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDirectory(const TestDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& contents) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << contents;
    return file;
  }

 private:
  std::filesystem::path path_;
};

/// A server whose answers a test gives, and that remembers what it was asked.
class FakeAws {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;

  explicit FakeAws(Answer answer)
      : answer_(std::move(answer)),
        logger_(clock_, log::Level::kError, log::stderr_sink()),
        server_(
            {.loops = 1},
            [this](http::Request&& request, http::Responder responder) {
              const std::lock_guard lock(mutex_);
              asked_.push_back(request);
              std::move(responder).send(answer_(request));
            },
            clock_, logger_) {
    server_.start();
  }
  ~FakeAws() { server_.stop(std::chrono::milliseconds(0)); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }
  [[nodiscard]] Connection connection() const {
    return {.endpoint = url(), .credentials = {{"AKIATEST"}, {"secret"}}, .region = "us-east-1"};
  }
  [[nodiscard]] std::vector<http::Request> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  /// The query actions in the order they were asked.
  [[nodiscard]] std::vector<std::string> actions() {
    std::vector<std::string> actions;
    for (const auto& request : asked()) actions.push_back(action_of(request));
    return actions;
  }

  static std::string action_of(const http::Request& request) {
    const auto from = request.body.find("Action=");
    if (from == std::string::npos) return "";
    return request.body.substr(from + 7, request.body.find('&', from) - from - 7);
  }

 private:
  Answer answer_;
  SystemClock clock_;
  log::Logger logger_;
  std::mutex mutex_;
  std::vector<http::Request> asked_;
  http::Server server_;
};

/// "<ActionResponse><ActionResult>...</ActionResult></ActionResponse>"
inline http::Response xml_answer(const std::string& action, const std::string& members) {
  return {200,
          {},
          "<" + action + "Response><" + action + "Result>" + members + "</" + action + "Result></" +
              action + "Response>"};
}
inline http::Response xml_fault(const std::string& message) {
  return {400,
          {},
          "<ErrorResponse><Error><Code>ValidationError</Code><Message>" + message +
              "</Message></Error></ErrorResponse>"};
}

/// Just enough of S3 and STS to upload to.
class FakeBucket {
 public:
  FakeBucket() : aws_([this](const http::Request& request) { return answer(request); }) {}

  [[nodiscard]] FakeAws& aws() { return aws_; }
  /// By target; the bucket itself is one.
  [[nodiscard]] std::map<std::string, std::string>& objects() { return objects_; }

 private:
  http::Response answer(const http::Request& request) {
    if (request.method == "POST") {
      return xml_answer("GetCallerIdentity", "<Account>123</Account>");
    }
    if (request.method == "PUT") {
      objects_[request.target] = request.body;
      return {200, {}, ""};
    }
    return {objects_.contains(request.target) ? 200 : 404, {}, ""};
  }

  std::map<std::string, std::string> objects_;
  FakeAws aws_;
};

}  // namespace stator::cli
