#include "aws/operation.hpp"

#include <gtest/gtest.h>

namespace stator::aws {
namespace {

/// Grants everything but one action, and notes what it was asked.
class OneActionDenied final : public Authorizer {
 public:
  explicit OneActionDenied(std::string action) : action_(std::move(action)) {}
  Result<void> authorize(const Call&, std::span<const Permission> needs) override {
    for (const Permission& need : needs) {
      asked.push_back(need.action + " " + need.resource);
      if (need.action == action_) return Error{ErrorCode::kAccessDenied, "no"};
    }
    return {};
  }
  std::vector<std::string> asked;

 private:
  std::string action_;
};

Operation make_widget(int& runs) {
  return Operation::json(
      "MakeWidget", ByName{},
      [](const Call& call, const Input& input) -> Result<Needs> {
        STATOR_TRY(const std::string name, input.required_text("Name"));
        return Needs{{"widgets:MakeWidget", "arn:aws:widgets:" + call.region + "::" + name}};
      },
      [&runs](Call&, const Input&) -> Result<json::Object> {
        ++runs;
        return json::Object{{"Made", true}};
      });
}

TEST(Operation, AuthorizesWhatItNeedsBeforeItRuns) {
  int runs = 0;
  const Operation operation = make_widget(runs);
  Call call;
  call.region = "r";
  const Input input(json::Object{{"Name", "w"}});

  OneActionDenied lenient("other");
  EXPECT_TRUE(operation.run_json(call, input, lenient));
  EXPECT_EQ(lenient.asked, std::vector<std::string>{"widgets:MakeWidget arn:aws:widgets:r::w"});
  EXPECT_EQ(runs, 1);

  OneActionDenied strict("widgets:MakeWidget");
  const auto refused = operation.run_json(call, input, strict);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(runs, 1);
}

TEST(Operation, AFaultyInputEndsBeforeAnyoneIsAsked) {
  int runs = 0;
  Call call;
  OneActionDenied authorizer("none");
  EXPECT_FALSE(make_widget(runs).run_json(call, Input(json::Object()), authorizer));
  EXPECT_TRUE(authorizer.asked.empty());
  EXPECT_EQ(runs, 0);
}

TEST(Operation, ARawOperationParsesOnceThenAsksThenRuns) {
  const Operation operation = Operation::raw<int>(
      "Count", ByName{},
      [](const Call&, const RawRequest& request) -> Result<int> {
        if (request.http.body.empty()) return invalid("empty");
        return int(request.http.body.size());
      },
      [](const Call&, const int& size) -> Result<Needs> {
        return Needs{{size > 3 ? "x:Large" : "x:Small", "*"}};
      },
      [](Call&, int size) -> Result<http::Response> {
        http::Response response;
        response.body = std::to_string(size);
        return response;
      });
  OneActionDenied authorizer("x:Large");
  const auto run = [&](std::string body) {
    http::Request request;
    request.body = std::move(body);
    const std::vector<std::pair<std::string, std::string>> labels = {{"Bucket", "b"}};
    const RawRequest raw{request, labels};
    EXPECT_EQ(raw.label("Bucket"), "b");
    EXPECT_EQ(raw.label("Key"), "");
    Call call;
    std::optional<Result<http::Response>> answer;
    operation.run_raw(call, raw, authorizer, [&](auto result) { answer = std::move(result); });
    return std::move(answer).value();
  };
  EXPECT_EQ(run("abc")->body, "3");
  EXPECT_EQ(run("").error().message, "empty");
  EXPECT_EQ(run("abcd").error().code, ErrorCode::kAccessDenied);
}

TEST(Operation, AnOperationWithoutItsPermissionsCannotBeMade) {
  EXPECT_THROW(
      (void)Operation::json("Open", ByName{}, nullptr,
                            [](Call&, const Input&) -> Result<json::Object> { return {{}}; }),
      BugError);
}

}  // namespace
}  // namespace stator::aws
