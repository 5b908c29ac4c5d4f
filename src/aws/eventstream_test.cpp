#include "aws/eventstream.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "aws/crc32.hpp"
#include "base/check.hpp"

namespace stator::aws {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::uint32_t u32(std::string_view bytes) {
  std::uint32_t number = 0;
  for (const char c : bytes.substr(0, 4)) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

TEST(EventStream, EncodesTheVectorsOfTheSpecification) {
  // The messages "empty_message" and "payload_no_headers" of AWS's test suite.
  EXPECT_EQ(encode_event({}, ""), unhex("000000100000000005c248eb7d98c8ff"));
  EXPECT_EQ(encode_event({}, "{'foo':'bar'}"),
            unhex("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"));
}

TEST(EventStream, EncodesAnEvent) {
  const std::string bytes = encode_event("PayloadChunk", "application/octet-stream", "abc");
  EXPECT_EQ(u32(bytes), bytes.size());
  const std::size_t header_bytes = u32(bytes.substr(4));
  EXPECT_EQ(u32(bytes.substr(8)), crc32(bytes.substr(0, 8)));
  const std::string headers = std::string("\x0b:event-type\x07\x00\x0cPayloadChunk", 27) +
                              std::string(
                                  "\x0d:content-type\x07\x00\x18"
                                  "application/octet-stream",
                                  41) +
                              std::string(
                                  "\x0d:message-type\x07\x00\x05"
                                  "event",
                                  22);
  EXPECT_EQ(bytes.substr(12, header_bytes), headers);
  EXPECT_EQ(bytes.substr(12 + header_bytes, 3), "abc");
  EXPECT_EQ(u32(bytes.substr(bytes.size() - 4)), crc32(bytes.substr(0, bytes.size() - 4)));
}

RC_GTEST_PROP(EventStream, LengthsAndSumsHold, (const std::string& payload)) {
  const std::string bytes = encode_event("A", "b", payload);
  RC_ASSERT(u32(bytes) == bytes.size());
  const auto rest = bytes.substr(12 + u32(bytes.substr(4)));
  RC_ASSERT(rest.substr(0, rest.size() - 4) == payload);
  RC_ASSERT(u32(rest.substr(rest.size() - 4)) == crc32(bytes.substr(0, bytes.size() - 4)));
}

TEST(EventStream, RefusesHeadersThatDoNotFit) {
  const std::string long_name(256, 'n');
  const std::vector<EventHeader> headers{{long_name, "v"}};
  EXPECT_THROW((void)encode_event(headers, ""), BugError);
}

}  // namespace
}  // namespace stator::aws
