#include "cloudformation/template_url.hpp"

#include <gtest/gtest.h>

namespace stator::cloudformation {
namespace {

class OneObject final : public ApiClient {
 public:
  Result<json::Object> call(std::string_view service, std::string_view operation,
                            json::Object input) override {
    asked = std::string(service) + ":" + std::string(operation) + " " + json::dump(input);
    if (body.empty()) return not_found("The specified key does not exist.");
    return json::Object{{"StatusCode", 200}, {"Body", body}};
  }
  std::string asked, body;
};

TEST(TemplateUrl, NamesBucketAndKeyInEveryStyle) {
  struct Case {
    const char* url;
    TemplateLocation place;
  };
  const Case cases[] = {
      {"http://127.0.0.1:4580/b/k", {"b", "k", ""}},
      {"http://localhost:4566/b/deep/k.yaml", {"b", "deep/k.yaml", ""}},
      {"https://s3.eu-west-1.amazonaws.com/b/k", {"b", "k", ""}},
      {"https://s3-eu-west-1.amazonaws.com/b/k", {"b", "k", ""}},
      {"https://b.s3.eu-west-1.amazonaws.com/k", {"b", "k", ""}},
      {"https://b.c.s3.amazonaws.com/k/l", {"b.c", "k/l", ""}},
      {"https://b.s3-eu-west-1.amazonaws.com/k", {"b", "k", ""}},
      {"http://b.localhost:4566/k", {"b", "k", ""}},
      {"https://s3.amazonaws.com/b/a%20b?versionId=v%2F1", {"b", "a b", "v/1"}},
  };
  for (const Case& test : cases) {
    const auto found = locate_template(test.url);
    ASSERT_TRUE(found) << test.url;
    EXPECT_EQ(*found, test.place) << test.url;
  }
}

TEST(TemplateUrl, IsRefusedWhereItNamesNoObject) {
  for (const char* url : {"", "b/k", "ftp://h/b/k", "https://h", "https://h/", "https://h/b",
                          "https://h/b/", "https://h//k", "https://h/b/%zz",
                          "https://h/b/k?X-Amz-Signature=1", "https://b.s3.amazonaws.com/"}) {
    const auto refused = locate_template(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().aws_type, "ValidationError");
  }
}

TEST(TemplateUrl, IsReadFromTheServersOwnBuckets) {
  OneObject client;
  client.body = "Resources: {}";
  const auto text = read_template(client, "https://s3.amazonaws.com/b/k?versionId=7");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, client.body);
  EXPECT_EQ(client.asked, R"(s3:GetObject {"Bucket":"b","Key":"k","Query":{"versionId":"7"}})");
}

TEST(TemplateUrl, SaysWhyItCannotBeRead) {
  OneObject client;
  EXPECT_EQ(read_template(client, "http://h/b/k").error().message,
            "S3 error: The specified key does not exist.");
  client.body = std::string(kTemplateUrlBytesMax + 1, 'x');
  EXPECT_NE(read_template(client, "http://h/b/k").error().message.find("may not exceed"),
            std::string::npos);
}

}  // namespace
}  // namespace stator::cloudformation
