#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "aws/call.hpp"
#include "base/check.hpp"
#include "cloudformation/stacks.hpp"

namespace stator::cloudformation {

/// Services that keep what they are told (parameters, roles with their policies, templates in S3),
/// as far as the engine's tests need it. Any thread.
class ModelWorld {
 public:
  /// Calls that change something are counted from 1; these are asked and told about each. What
  /// `before` refuses does not happen.
  std::function<Result<void>(std::size_t number)> before = nullptr;
  std::function<void(std::size_t number)> after = nullptr;
  std::map<std::string, std::string> templates;  ///< "BUCKET/KEY"

  Result<json::Object> call(std::string_view operation, const json::Object& input) {
    const bool is_reading = operation.starts_with("Get") || operation.starts_with("List");
    const std::size_t number = is_reading ? 0 : ++count_;
    if (number > 0 && before) STATOR_TRY_VOID(before(number));
    auto answer = [&] {
      const std::lock_guard lock(mutex_);
      return act(operation, input);
    }();
    if (number > 0 && after) after(number);
    return answer;
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  /// Everything there is, a line a thing.
  [[nodiscard]] std::string state() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& [name, content] : things_) text += name + " = " + content + "\n";
    return text;
  }
  [[nodiscard]] bool empty() const { return state().empty(); }

  /// `text` without the random ends of names, so that things made anew are the same things.
  static std::string without_chance(const std::string& text) {
    constexpr std::size_t kRandom = 12;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::size_t end = i + 1;
      while (end < text.size() && end - i <= kRandom && is_random(text[end])) ++end;
      if (text[i] == '-' && end - i == kRandom + 1) {
        i += kRandom;
      } else {
        out += text[i];
      }
    }
    return out;
  }

 private:
  static bool is_random(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
  static std::string get(const json::Object& input, std::string_view name) {
    return json::find_string(input, name).value_or("");
  }
  Result<json::Object> make(const std::string& thing, const json::Object& input) {
    if (things_.contains(thing)) return conflict(thing + " exists");
    things_[thing] = json::dump(input);
    return json::Object();
  }
  Result<json::Object> set(const std::string& thing, const json::Object& input) {
    if (!things_.contains(thing)) return not_found(thing + " does not exist");
    json::Object content = json::parse_object(things_[thing]).value();
    for (const auto& member : input) content[member.key()] = member.value();
    things_[thing] = json::dump(content);
    return json::Object();
  }
  Result<json::Object> drop(const std::string& thing) {
    if (things_.erase(thing) == 0) return not_found(thing + " does not exist");
    return json::Object();
  }

  Result<json::Object> tag(const std::string& name, const json::Object& added,
                           const json::Array& dropped) {
    const auto found = things_.find("parameter " + name);
    if (found == things_.end()) return not_found(name + " does not exist");
    json::Object content = json::parse_object(found->second).value();
    json::Object& tags = content["Tags"].get_object();
    for (const auto& member : added) tags[member.key()] = member.value();
    for (const json::Value& key : dropped) tags.erase(json::view(key.get_string()));
    found->second = json::dump(content);
    return json::Object();
  }

  Result<json::Object> act(std::string_view operation, const json::Object& input) {
    if (operation == "GetObject") {
      const auto found = templates.find(get(input, "Bucket") + "/" + get(input, "Key"));
      if (found == templates.end()) return not_found("The specified key does not exist.");
      return json::Object{{"Body", found->second}};
    }
    const std::string parameter = "parameter " + get(input, "Name");
    if (operation == "PutParameter") {
      json::Object content = input;
      content.erase("Overwrite");
      if (input.contains("Overwrite")) return set(parameter, content);
      content["Tags"] = tag_map(input);
      return make(parameter, content);
    }
    if (operation == "DeleteParameter") return drop(parameter);
    if (operation == "AddTagsToResource") {
      return tag(get(input, "ResourceId"), tag_map(input), {});
    }
    if (operation == "RemoveTagsFromResource") {
      return tag(get(input, "ResourceId"), {}, input.at("TagKeys").get_array());
    }
    return act_on_role(operation, input);
  }

  Result<json::Object> act_on_role(std::string_view operation, const json::Object& input) {
    const std::string name = get(input, "RoleName");
    const std::string role = "role " + name;
    const std::string policy = "policy " + name + "/" + get(input, "PolicyName");
    if (operation == "CreateRole") {
      json::Object content{{"Description", ""}, {"MaxSessionDuration", 3'600}};
      for (const auto& member : input) content[member.key()] = member.value();
      STATOR_TRY_VOID(make(role, content));
      return json::Object{
          {"Role", json::Object{{"Arn", "arn:role/" + name}, {"RoleId", "AROA" + name}}}};
    }
    if (operation == "UpdateRole") return set(role, input);
    if (operation == "PutRolePolicy") {
      things_[policy] = get(input, "PolicyDocument");
      return json::Object();
    }
    if (operation == "DeleteRolePolicy") return drop(policy);
    if (operation == "DeleteRole") {
      const auto held = things_.lower_bound("policy " + name + "/");
      if (held != things_.end() && held->first.starts_with("policy " + name + "/")) {
        return conflict("the role has policies");
      }
      return drop(role);
    }
    return unsupported("the world has no " + std::string(operation));
  }

  std::atomic<std::size_t> count_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> things_;
};

class ModelClient final : public ApiClient {
 public:
  explicit ModelClient(ModelWorld& world) : world_(world) {}
  Result<json::Object> call(std::string_view, std::string_view operation,
                            json::Object input) override {
    return world_.call(operation, input);
  }

 private:
  ModelWorld& world_;
};

/// A store that takes no more writes when it is cut, as after a crash.
class CutStore final : public storage::Store {
 public:
  void cut() { is_cut_ = true; }
  void mend() { is_cut_ = false; }

  Result<std::optional<std::string>> get(storage::Family family, std::string_view key,
                                         const storage::Snapshot* at) const override {
    return inner_->get(family, key, at);
  }
  std::unique_ptr<storage::Snapshot> snapshot() const override { return inner_->snapshot(); }
  std::unique_ptr<storage::Iterator> iterate(storage::Family family, storage::Range range,
                                             const storage::Snapshot* at) const override {
    return inner_->iterate(family, std::move(range), at);
  }
  Result<storage::Sequence> write(storage::Batch batch) override {
    if (is_cut_) return unavailable("the store is cut");
    return inner_->write(std::move(batch));
  }
  storage::Sequence last() const override { return inner_->last(); }
  storage::Sequence durable() const override { return inner_->durable(); }
  storage::Sequence last_write_of(storage::Family family, std::string_view key) const override {
    return inner_->last_write_of(family, key);
  }
  void when_durable(storage::Sequence sequence, Done done) override {
    inner_->when_durable(sequence, std::move(done));
  }
  Result<void> checkpoint(const std::filesystem::path& directory) override {
    return inner_->checkpoint(directory);
  }

 private:
  std::unique_ptr<storage::Store> inner_ = storage::make_memory_store();
  std::atomic<bool> is_cut_ = false;
};

class GrantAll final : public aws::Authorizer {
 public:
  Result<void> authorize(const aws::Call&, std::span<const aws::Permission>) override { return {}; }
};

/// Stacks over a ModelWorld and a store that can be cut.
class EngineLab {
 public:
  explicit EngineLab(LaneOptions lanes = {.lanes_max = 1}) : lanes_(std::move(lanes)) {
    call.account = "111122223333";
    call.region = "eu-west-1";
    call.principal.arn = "arn:aws:iam::111122223333:root";
    call.principal.account = call.account;
    call.now = clock.wall();
    start();
  }
  ~EngineLab() { workers_.stop(); }

  /// New Stacks over the same store and world, as after a restart; changes that were cut off have
  /// ended when it returns.
  void restart() {
    settle();
    store.mend();
    start();
    STATOR_CHECK(stacks->recover());
    settle();
  }
  /// From here on nothing is written any more and nothing is called.
  void crash() {
    store.cut();
    stacks->stop();
  }

  /// Runs an operation and waits for what it set going.
  Result<json::Object> run(std::string_view operation, const json::Object& members) {
    auto answer = ask(operation, members);
    settle();
    return answer;
  }
  /// Runs an operation and does not wait: may be called from within the world.
  Result<json::Object> ask(std::string_view operation, const json::Object& members) {
    const aws::Service service = make_service(*stacks);
    for (const aws::Operation& candidate : service.operations) {
      if (candidate.name() != operation) continue;
      return candidate.run_json(call, aws::Input(members, aws::Input::Scalars::kText), authorizer_);
    }
    return internal("no such operation");
  }
  Result<json::Object> deploy(std::string_view operation, const std::string& body,
                              json::Object more = {}, const std::string& stack = "s") {
    more["StackName"] = stack;
    more["TemplateBody"] = body;
    more["Capabilities"] = json::Array{"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"};
    return run(operation, more);
  }
  void settle() {
    std::promise<void> done;
    STATOR_CHECK(workers_.post([&done] { done.set_value(); }));
    done.get_future().wait();
  }

  [[nodiscard]] StackRecord record(const std::string& name = "s") const {
    return stacks->records().load(call.account, call.region, name).value();
  }
  [[nodiscard]] std::string status(const std::string& name = "s") const {
    const auto found = stacks->records().load(call.account, call.region, name);
    return found ? found->status : "none";
  }
  [[nodiscard]] std::string output(const std::string& key, const std::string& name = "s") const {
    for (const json::Value& output : record(name).outputs) {
      if (output.at("OutputKey") == json::Value(key)) {
        return std::string(output.at("OutputValue").get_string());
      }
    }
    return "";
  }
  /// What a client sees of the stack, without times and events.
  [[nodiscard]] std::string description(const std::string& name = "s") const {
    const StackRecord stack = record(name);
    std::string text = stack.template_body + json::dump(stack.parameters) + json::dump(stack.tags) +
                       json::dump(stack.outputs) + json::dump(stack.capabilities) +
                       stack.description + "\n";
    for (const ResourceRecord& resource : stack.resources) {
      text += resource.logical_id + " " + resource.existing.physical_id + " " +
              json::dump(resource.existing.properties) + (resource.is_retained ? " kept\n" : "\n");
    }
    return text;
  }

  FakeClock clock;
  ModelWorld world;
  CutStore store;
  aws::Call call;
  std::optional<Stacks> stacks;

 private:
  void start() {
    stacks.reset();
    stacks.emplace(
        StacksParts{store,
                    [this](const aws::Principal&, std::string_view) -> std::unique_ptr<ApiClient> {
                      return std::make_unique<ModelClient>(world);
                    },
                    workers_, clock, random_, [](std::chrono::milliseconds) {}, logger_, lanes_});
  }

  LaneOptions lanes_;
  SystemRandom random_;
  log::Logger logger_{clock, log::Level::kError, [](std::string_view) {}};
  WorkerPool workers_{1, 16};
  GrantAll authorizer_;
};

/// A template with one SSM parameter a pair of logical id and value.
inline std::string parameters_template(
    const std::vector<std::pair<std::string, std::string>>& values) {
  std::string body = "Resources:\n";
  for (const auto& [id, value] : values) {
    body += "  " + id + ": {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: " + value +
            "}}\n";
  }
  return body;
}

}  // namespace stator::cloudformation
