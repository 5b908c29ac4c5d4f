#include "server/application.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "base/check.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "http/client.hpp"
#include "sandbox/sandbox.hpp"

namespace stator::server {
namespace {

class ApplicationTest : public testing::Test {
 protected:
  ApplicationTest() {
    SystemRandom random;
    options_.data = std::filesystem::temp_directory_path() /
                    ("stator-application-" + random_text(random, kLowerAlnum, 12));
    options_.port = 0;
    options_.durability = storage::Durability::kMemory;
    options_.sandbox = sandbox::Wanted::kProcess;
    options_.log_level = log::Level::kError;
  }
  ~ApplicationTest() override { std::filesystem::remove_all(options_.data); }

  Options options_;
};

TEST_F(ApplicationTest, ServesItsHealthAndEveryServiceUntilItIsStopped) {
  Application application(options_);
  application.start();
  http::Client client({"127.0.0.1", application.port()});
  const auto health = client.send({.method = "GET", .target = "/_stator/health"});
  ASSERT_TRUE(health) << health.error().message;
  EXPECT_EQ(health->status, 200);
  EXPECT_EQ(health->body, R"({"status":"ok","auth":"enforce","durability":"memory",)"
                          R"("sandbox":"process","network":"host","denials":0,)"
                          R"("wouldBeDenials":0,"authenticationFailures":0,)"
                          R"("auditLinesDropped":0})");
  EXPECT_EQ(application.modes(), "auth enforce, durability memory, sandbox process, network host");
  EXPECT_EQ(client.send({.method = "GET", .target = "/_stator/other"})->status, 404);

  http::Request unsigned_call{.method = "POST", .target = "/", .body = "{}"};
  unsigned_call.headers.add("X-Amz-Target", "DynamoDB_20120810.ListTables");
  const auto refused = client.send(unsigned_call);
  EXPECT_EQ(refused->status, 400);
  EXPECT_NE(refused->body.find("MissingAuthenticationTokenException"), std::string::npos)
      << refused->body;
  const auto after = client.send({.method = "GET", .target = "/_stator/health"});
  EXPECT_NE(after->body.find(R"("authenticationFailures":1,)"), std::string::npos) << after->body;
  application.stop(std::chrono::milliseconds(100));
  EXPECT_FALSE(client.send({.method = "GET", .target = "/_stator/health"}));
}

TEST_F(ApplicationTest, ServesTlsBesideAndSaysWhere) {
  options_.tls = TlsOptions{.address = "127.0.0.1", .port = 0, .certificates = {}};
  Application application(options_);
  application.start();
  const auto modes = application.modes();
  const auto at = modes.find(", TLS on 127.0.0.1:");
  ASSERT_NE(at, std::string::npos) << modes;
  const auto port = static_cast<std::uint16_t>(std::stoul(modes.substr(modes.rfind(':') + 1)));
  EXPECT_NE(port, application.port());
  EXPECT_TRUE(std::filesystem::exists(options_.data / "tls" / "ca.crt"));
  // Plain HTTP at TLS's port is answered by no page.
  const auto health = http::Client({"127.0.0.1", port}).send({.method = "GET", .target = "/"});
  EXPECT_FALSE(health && health->status == 200);
}

TEST_F(ApplicationTest, RefusesAnOpenDoorToTheWorldByTls) {
  options_.auth = Auth::kOff;
  options_.tls = TlsOptions{.address = "0.0.0.0", .port = 0, .certificates = {}};
  EXPECT_THROW(Application{options_}, ConfigError);
}

TEST_F(ApplicationTest, RefusesAnOpenDoorToTheWorld) {
  options_.auth = Auth::kOff;
  options_.address = "0.0.0.0";
  EXPECT_THROW(Application application(options_), ConfigError);
}

TEST_F(ApplicationTest, OneProcessAtATimeHoldsADataDirectory) {
  options_.durability = storage::Durability::kAsync;
  const Application first(options_);
  EXPECT_THROW(Application second(options_), ConfigError);
}

}  // namespace
}  // namespace stator::server

/// The launcher is this binary again, as it is in `stator` itself.
int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], stator::sandbox::kLauncherArgument) == 0) {
    return stator::sandbox::launcher_main(argc, argv);
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
