#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "lambda/test_support.hpp"
#include "sandbox/sandbox.hpp"

/// What the tests on real ground share: one launcher, and a function of a static program.
namespace stator::lambda::test {

/// Made first thing in main(), while the process has one thread.
inline std::unique_ptr<sandbox::Launcher> the_launcher;
inline std::string why_not;

inline std::string read_bootstrap() {
  std::ifstream in(STATOR_E2E_BOOTSTRAP, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class LambdaEndToEnd : public testing::Test {
 protected:
  void SetUp() override {
    if (the_launcher == nullptr) GTEST_SKIP() << why_not;
    FunctionsOptions options;
    options.settling_grace = std::chrono::seconds(30);
    lab = std::make_unique<Lab>(options, the_launcher.get());
    const auto made =
        lab->run("CreateFunction",
                 R"({"FunctionName":"f","Runtime":"provided.al2023","Handler":"h","Timeout":1,)"
                 R"("Environment":{"Variables":{"TABLE":"items"}},)"
                 R"("Role":"arn:aws:iam::000000000000:role/r","Code":{"ZipFile":")" +
                     make_zip_base64({{"bootstrap", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(made) << made.error().message;
    lab->serve([this](http::Request&& request, http::Responder responder) {
      on_endpoint(request, std::move(responder));
    });
  }
  /// What a function has sent to its AWS endpoint.
  virtual void on_endpoint(const http::Request& request, http::Responder responder) {
    const std::string body = asked++ < answers.size() ? answers[asked - 1] : "served ";
    std::move(responder).send(
        http::Response{.status = 200, .body = body == "served " ? body + request.target : body});
  }
  /// A function "g" with these environment variables, and an extension "agent" in a layer.
  void make_extended(const std::string& variables) {
    const auto layer =
        lab->run("PublishLayerVersion",
                 R"({"LayerName":"l","Content":{"ZipFile":")" +
                     make_zip_base64({{"extensions/agent", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(layer) << layer.error().message;
    make("g", variables, R"("Layers":["arn:aws:lambda:us-east-1:000000000000:layer:l:1"],)");
  }
  void make(const std::string& name, const std::string& variables,
            const std::string& further = "") {
    const auto made =
        lab->run("CreateFunction",
                 R"({"FunctionName":")" + name +
                     R"(","Runtime":"provided.al2023","Handler":"h","Timeout":5,)" + further +
                     R"("Environment":{"Variables":{)" + variables +
                     R"(}},"Role":"arn:aws:iam::000000000000:role/r","Code":{"ZipFile":")" +
                     make_zip_base64({{"bootstrap", read_bootstrap()}}) + "\"}}");
    ASSERT_TRUE(made) << made.error().message;
  }
  std::string invoke(const std::string& payload) {
    const auto answer = lab->invoke("f", payload);
    return answer ? answer->body : answer.error().message;
  }
  std::atomic<std::size_t> asked{0};
  std::vector<std::string> answers;  ///< of the endpoint, one after another
  std::unique_ptr<Lab> lab;
};

}  // namespace stator::lambda::test
