#include "sandbox/protocol.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace stator::sandbox {
namespace {

Spec sample_spec() {
  Spec spec;
  spec.name = "items-get";
  spec.code = "/data/code/ab12";
  spec.layers = {"/data/code/l1", "/data/code/l2"};
  spec.mounts = {{"/data/runtimes/r1", "/var/runtime"}};
  spec.argv = {"/var/task/bootstrap", "", "x y"};
  spec.companions = {{"/opt/extensions/a", "1"}, {"/opt/extensions/b"}};
  spec.environment = {{"A", "1"}, {"EMPTY", ""}, {"NUL", std::string("a\0b", 3)}};
  spec.working_directory = "/tmp";
  spec.memory_bytes_max = 1ull << 40;
  spec.tmp_bytes_max = 7;
  spec.processes_max = 3;
  spec.files_max = 4;
  spec.ports = {{9001}, {4566}};
  spec.connectors = 2;
  return spec;
}

/// decode() is the inverse of encode() when the second encoding is the same bytes.
void expect_round_trip(const Message& message) {
  const auto packet = encode(message);
  ASSERT_TRUE(packet) << packet.error().message;
  const auto back = decode(*packet);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->index(), message.index());
  EXPECT_EQ(*encode(*back), *packet);
}

TEST(Protocol, RoundTripsEveryMessage) {
  Capabilities capabilities{Isolation::kUserNamespace, true, false, "one line"};
  expect_round_trip(Hello{capabilities, "no"});
  expect_round_trip(Start{1, sample_spec()});
  expect_round_trip(Started{~0ull, 123, 2, 1, true, true});
  expect_round_trip(Failed{3, ErrorCode::kUnavailable, "gone"});
  expect_round_trip(Kill{4});
  expect_round_trip(Exited{5, {137, 1u << 20, true, 2}});
  expect_round_trip(Terminate{6});
}

TEST(Protocol, CarriesEveryFieldOfASpec) {
  const auto packet = encode(Start{9, sample_spec()});
  ASSERT_TRUE(packet);
  const auto message = decode(*packet);
  ASSERT_TRUE(message);
  const auto& start = std::get<Start>(*message);
  const Spec expected = sample_spec();
  EXPECT_EQ(start.id, 9u);
  EXPECT_EQ(start.spec.name, expected.name);
  EXPECT_EQ(start.spec.code, expected.code);
  EXPECT_EQ(start.spec.layers, expected.layers);
  ASSERT_EQ(start.spec.mounts.size(), 1u);
  EXPECT_EQ(start.spec.mounts[0].directory, "/data/runtimes/r1");
  EXPECT_EQ(start.spec.mounts[0].inside, "/var/runtime");
  EXPECT_EQ(start.spec.argv, expected.argv);
  EXPECT_EQ(start.spec.companions, expected.companions);
  EXPECT_EQ(start.spec.environment, expected.environment);
  EXPECT_EQ(start.spec.working_directory, expected.working_directory);
  EXPECT_EQ(start.spec.memory_bytes_max, expected.memory_bytes_max);
  EXPECT_EQ(start.spec.tmp_bytes_max, expected.tmp_bytes_max);
  EXPECT_EQ(start.spec.processes_max, expected.processes_max);
  EXPECT_EQ(start.spec.files_max, expected.files_max);
  ASSERT_EQ(start.spec.ports.size(), 2u);
  EXPECT_EQ(start.spec.ports[1].number, 4566);
  EXPECT_EQ(start.spec.connectors, 2u);
}

TEST(Protocol, RefusesWhatExceedsItsBounds) {
  Spec spec;
  spec.layers.resize(kLayersMax + 1);
  EXPECT_EQ(encode(Start{1, spec}).error().code, ErrorCode::kInvalid);
  spec = {};
  spec.mounts.resize(kMountPoints.size() + 1);
  EXPECT_FALSE(encode(Start{1, spec}));
  spec = {};
  spec.ports.resize(kPortsMax + 1);
  EXPECT_FALSE(encode(Start{1, spec}));
  spec = {};
  spec.environment = {{"BIG", std::string(kMessageBytesMax, 'x')}};
  EXPECT_FALSE(encode(Start{1, spec}));
  EXPECT_FALSE(decode(std::string(kMessageBytesMax + 1, '\1')));
}

TEST(Protocol, RefusesAnotherVersionAnUnknownTypeAndTrailingBytes) {
  std::string packet = *encode(Kill{1});
  EXPECT_FALSE(decode(packet + "x"));
  std::string other = packet;
  other[0] = static_cast<char>(kProtocolVersion + 1);
  EXPECT_FALSE(decode(other));
  other = packet;
  other[1] = 99;
  EXPECT_FALSE(decode(other));
  EXPECT_FALSE(decode(""));
}

TEST(Protocol, RefusesEveryTruncation) {
  const std::string packet = *encode(Start{1, sample_spec()});
  for (std::size_t size = 0; size < packet.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(packet).substr(0, size))) << size;
  }
}

RC_GTEST_PROP(Protocol, NeverCrashesOnArbitraryBytes, (std::string bytes)) {
  bytes.insert(0, 1, static_cast<char>(kProtocolVersion));
  const auto message = decode(bytes);
  if (message) RC_ASSERT(encode(*message).value() == bytes);
}

}  // namespace
}  // namespace stator::sandbox
