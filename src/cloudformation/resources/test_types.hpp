#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "cloudformation/custom_responses.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/test_lab.hpp"

namespace stator::cloudformation::resources {

inline json::Object object(std::string_view text) {
  auto parsed = json::parse_object(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? std::move(*parsed) : json::Object();
}

/// One resource of one type over a FakeWorld, without a stack.
class TypeLab : public ::testing::Test {
 protected:
  /// Success as "", else the error's message.
  std::string create(std::string_view type, std::string_view properties) {
    type_ = find_resource_type(type);
    wanted_type_ = type;
    if (type_ == nullptr) return "no such type";
    ResourceContext context = make_context();
    const auto made = type_->create(context, object(properties));
    return made ? "" : made.error().message;
  }
  std::string update(std::string_view properties) {
    world_.forget();
    ResourceContext context = make_context();
    const Existing before = *existing_;
    const auto changed = type_->update(context, before, object(properties));
    return changed ? "" : changed.error().message;
  }
  std::string remove() {
    world_.forget();
    ResourceContext context = make_context();
    const auto removed = type_->remove(context, *existing_);
    return removed ? "" : removed.error().message;
  }
  std::string read() {
    world_.forget();
    ResourceContext context = make_context();
    const auto real = type_->read(context, *existing_);
    return real ? json::dump(*real) : real.error().message;
  }
  std::string input(const std::string& operation) {
    return json::dump(world_.last_input(operation));
  }
  void answer(const std::string& operation, std::string_view text) {
    world_.answers[operation] = {object(text)};
  }
  void nothing_at(const std::string& operation) {
    world_.answers[operation] = {not_found("nothing at " + operation)};
  }
  std::string attribute(std::string_view name) { return text_of(existing_->attributes, name); }

  ResourceContext make_context() {
    ResourceContext context{client_,
                            random_,
                            sleep_,
                            "stack",
                            "eu-west-1",
                            "Thing",
                            [this](const Existing& existing) -> Result<void> {
                              existing_ = existing;
                              return {};
                            }};
    context.account = "111122223333";
    context.stack_id = "arn:aws:cloudformation:eu-west-1:111122223333:stack/stack/u";
    context.type = wanted_type_;
    context.stack_tags = stack_tags_;
    context.responses = &responses_;
    context.is_stopping = [this] { return is_stopping_; };
    context.stack_tags_before = stack_tags_before_;
    return context;
  }

  FakeWorld world_;
  FakeClient client_{world_};
  SystemRandom random_;
  std::function<void(std::chrono::milliseconds)> sleep_ = [](std::chrono::milliseconds) {};
  CustomResponses responses_{random_, "http://127.0.0.1:1"};
  bool is_stopping_ = false;
  const ResourceType* type_ = nullptr;
  std::string wanted_type_;
  std::optional<Existing> existing_;
  json::Array stack_tags_, stack_tags_before_;
};

}  // namespace stator::cloudformation::resources
