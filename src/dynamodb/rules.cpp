#include "dynamodb/rules.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "dynamodb/constraints.hpp"
#include "dynamodb/documents.hpp"
#include "dynamodb/item_request_reader.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb {

namespace {

using Type = Rule::Type;

/// A value in a message is cut here: an answer is not the place for a megabyte that was sent.
constexpr std::size_t kShownBytesMax = 8'192;

/// "KeySchema" is "keySchema" in messages.
std::string member_name(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = char(text[0] - 'A' + 'a');
  return text;
}

/// Where a value stands, put into words only when something is wrong with it.
class Path {
 public:
  [[nodiscard]] static Path of_member(const Path* parent, std::string_view name) {
    return {parent, name, Step::kMember, 0};
  }
  [[nodiscard]] static Path of_key(const Path* parent, std::string_view key) {
    return {parent, key, Step::kKey, 0};
  }
  /// `index` counts from zero, messages from one.
  [[nodiscard]] static Path of_element(const Path* parent, std::size_t index) {
    return {parent, {}, Step::kElement, index};
  }

  [[nodiscard]] std::string text() const {
    const std::string before = parent_ ? parent_->text() + "." : std::string();
    if (step_ == Step::kMember) return before + member_name(name_);
    if (step_ == Step::kKey) return before + std::string(name_) + ".member";
    return before + std::to_string(index_ + 1) + ".member";
  }

 private:
  enum class Step { kMember, kKey, kElement };
  Path(const Path* parent, std::string_view name, Step step, std::size_t index)
      : parent_(parent), name_(name), step_(step), index_(index) {}

  const Path* parent_;
  std::string_view name_;
  Step step_;
  std::size_t index_;
};

/// Values as the service's own language prints them: [a, b], {key=value}, Class(member=value).
/// What goes beyond the bound is left off.
template <class Json>
class Shown {
 public:
  using Node = typename Json::Node;

  [[nodiscard]] static std::string of(const Node& node, const Rule& rule) {
    Shown shown;
    shown.write(node, &rule);
    shown.text_.resize(std::min(shown.text_.size(), kShownBytesMax));
    return std::move(shown.text_);
  }

 private:
  /// Without a rule, by the value's own shape.
  void write(const Node& node, const Rule* rule) {
    const Rule* inner = rule && !rule->inner.empty() ? rule->inner.data() : nullptr;
    if (const auto text = Json::text(node)) {
      text_.append(text->substr(0, kShownBytesMax));
    } else if (const auto array = Json::array(node)) {
      text_.push_back('[');
      std::string_view comma;
      Json::each(*array, [&](const Node& element) {
        if (is_full()) return;
        text_.append(std::exchange(comma, ", "));
        write(element, inner);
      });
      text_.push_back(']');
    } else if (const auto object = Json::object(node)) {
      if (inner && rule->type == Type::kStructure) return structure(*object, *rule);
      text_.push_back('{');
      std::string_view comma;
      Json::each(*object, [&](std::string_view key, const Node& value) {
        if (is_full()) return;
        text_.append(std::exchange(comma, ", ")).append(key).push_back('=');
        write(value, inner);
      });
      text_.push_back('}');
    } else {
      text_.append(Json::scalar(node));
    }
  }

  void structure(const typename Json::Object& object, const Rule& rule) {
    text_.append(rule.class_name).push_back('(');
    std::string_view comma;
    for (const Rule& member : rule.inner) {
      const auto value = Json::find(object, member.name);
      if (!value || is_full()) continue;
      text_.append(std::exchange(comma, ", ")).append(member_name(member.name)).push_back('=');
      write(*value, &member);
    }
    text_.push_back(')');
  }

  [[nodiscard]] bool is_full() const { return text_.size() >= kShownBytesMax; }

  std::string text_;
};

std::string at_least(std::int64_t bound) {
  return "Member must have length greater than or equal to " + std::to_string(bound);
}
std::string at_most(std::int64_t bound) {
  return "Member must have length less than or equal to " + std::to_string(bound);
}
std::string like(const Pattern& pattern) {
  return "Member must satisfy regular expression pattern: " + std::string(pattern.text);
}

bool fits(std::size_t size, const Rule& rule) {
  const auto signed_size = static_cast<std::int64_t>(size);
  return signed_size >= rule.min && signed_size <= rule.max;
}

/// All that a rule says, which is what messages about the keys and values of maps show.
std::string everything(const Rule& rule) {
  std::vector<std::string> texts;
  if (rule.max != Rule::kNoMax) texts.push_back(at_most(rule.max));
  if (rule.min != Rule::kNoMin) texts.push_back(at_least(rule.min));
  if (rule.pattern) texts.push_back(like(*rule.pattern));
  return "[" + join(texts, ", ") + "]";
}

/// A text as its rule judges it: the name inside an ARN, or the text itself.
class Judged {
 public:
  Judged(std::string_view text, const Rule& rule) : text_(text) {
    if (!rule.is_table_name || !text.starts_with("arn:")) return;
    name_ = table_name_of(text);
    text_ = name_;
  }
  Judged(const Judged&) = delete;
  Judged& operator=(const Judged&) = delete;
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string name_;
  std::string_view text_;
};

template <class Json>
class Gatherer {
 public:
  using Node = typename Json::Node;
  using Object = typename Json::Object;
  using Array = typename Json::Array;

  explicit Gatherer(Constraints& constraints) : constraints_(constraints) {}

  void structure(const Object& object, std::span<const Rule> rules, const Path* parent) {
    for (const Rule& rule : rules) {
      const auto node = Json::find(object, rule.name);
      const Path path = Path::of_member(parent, rule.name);
      if (node) {
        member(*node, rule, path);
      } else if (rule.is_required) {
        constraints_.add_missing(path.text());
      }
    }
  }

 private:
  void member(const Node& node, const Rule& rule, const Path& path) {
    if (constraints_.is_full()) return;
    switch (rule.type) {
      case Type::kString:
        if (const auto text = Json::text(node)) this->text(*text, rule, path);
        return;
      case Type::kInteger:
      case Type::kLong:
        if (const auto number = Json::integer(node)) value(*number, rule, path);
        return;
      case Type::kStructure:
        if (const auto object = Json::object(node)) structure(*object, rule.inner, &path);
        return;
      case Type::kList:
        if (const auto array = Json::array(node)) {
          length(Json::size(*array), rule, path, [&] { return Shown<Json>::of(node, rule); });
          elements(*array, rule, path);
        }
        return;
      case Type::kMap:
        if (const auto object = Json::object(node)) map(node, *object, rule, path);
        return;
      default:
        return;
    }
  }

  void text(std::string_view text, const Rule& rule, const Path& path) {
    const auto shown = [&] { return std::string(text.substr(0, kShownBytesMax)); };
    if (!rule.values.empty()) {
      const bool is_listed =
          std::find(rule.values.begin(), rule.values.end(), text) != rule.values.end();
      if (is_listed) return;
      const std::vector<std::string> names(rule.values.begin(), rule.values.end());
      constraints_.add(shown(), path.text(),
                       "Member must satisfy enum value set: [" + join(names, ", ") + "]");
      return;
    }
    const Judged judged(text, rule);
    const auto pattern = [&] {
      if (rule.pattern == nullptr || rule.pattern->matches(judged.text())) return;
      constraints_.add(shown(), path.text(), like(*rule.pattern));
    };
    if (!rule.is_length_first) pattern();
    length(judged.text().size(), rule, path, shown);
    if (rule.is_length_first) pattern();
  }

  void value(std::int64_t number, const Rule& rule, const Path& path) {
    const auto complain = [&](std::string_view what, std::int64_t bound) {
      constraints_.add(std::to_string(number), path.text(),
                       "Member must have value " + std::string(what) + std::to_string(bound));
    };
    if (number < rule.min) complain("greater than or equal to ", rule.min);
    if (number > rule.max) complain("less than or equal to ", rule.max);
  }

  void elements(const Array& array, const Rule& rule, const Path& parent) {
    if (rule.inner.empty()) return;
    std::size_t index = 0;
    Json::each(array, [&](const Node& element) {
      member(element, rule.inner[0], Path::of_element(&parent, index++));
    });
  }

  /// What is wrong with keys, or with the lengths of lists, is said once and of the whole map.
  void map(const Node& node, const Object& object, const Rule& rule, const Path& path) {
    const auto complain = [&](std::string_view of, const Rule& broken) {
      constraints_.add(Shown<Json>::of(node, rule), path.text(),
                       std::string(of) + " must satisfy constraint: " + everything(broken));
    };
    length(Json::size(object), rule, path, [&] { return Shown<Json>::of(node, rule); });
    if (rule.key && !are_keys_right(object, *rule.key)) complain("Map keys", *rule.key);
    if (rule.inner.empty()) return;
    const Rule& inner = rule.inner[0];
    if (inner.type == Type::kList && !are_lengths_right(object, inner)) {
      complain("Map value", inner);
    }
    Json::each(object, [&](std::string_view key, const Node& value) {
      const Path at = Path::of_key(&path, key);
      if (inner.type != Type::kList) return member(value, inner, at);
      if (const auto array = Json::array(value)) elements(*array, inner, at);
    });
  }

  static bool are_keys_right(const Object& object, const Rule& rule) {
    bool are_right = true;
    Json::each(object, [&](std::string_view key, const Node&) {
      const Judged judged(key, rule);
      are_right = are_right && fits(judged.text().size(), rule) &&
                  (rule.pattern == nullptr || rule.pattern->matches(judged.text()));
    });
    return are_right;
  }

  static bool are_lengths_right(const Object& object, const Rule& rule) {
    bool are_right = true;
    Json::each(object, [&](std::string_view, const Node& value) {
      const auto array = Json::array(value);
      are_right = are_right && (!array || fits(Json::size(*array), rule));
    });
    return are_right;
  }

  template <class ShownText>
  void length(std::size_t size, const Rule& rule, const Path& path, const ShownText& shown) {
    if (fits(size, rule)) return;
    const bool is_short = static_cast<std::int64_t>(size) < rule.min;
    constraints_.add(shown(), path.text(), is_short ? at_least(rule.min) : at_most(rule.max));
  }

  Constraints& constraints_;
};

template <class Json>
Result<void> check(const typename Json::Object& object, std::span<const Rule> rules) {
  Constraints constraints;
  Gatherer<Json>(constraints).structure(object, rules, nullptr);
  return constraints.verdict();
}

}  // namespace

Result<void> check_constraints(const json::Object& object, std::span<const Rule> rules) {
  return check<BoostDocument>(&object, rules);
}

Result<void> check_constraints(const JsonObject& object, std::span<const Rule> rules) {
  return check<SimdDocument>(object, rules);
}

const Rule* find_rule(std::span<const Rule> rules, std::string_view name) {
  for (const Rule& rule : rules) {
    if (rule.name == name) return &rule;
  }
  return nullptr;
}

std::span<const Rule> rules_inside(std::span<const Rule> rules, std::string_view name) {
  const Rule* rule = find_rule(rules, name);
  STATOR_CHECK(rule != nullptr);
  while (rule->type != Rule::Type::kStructure) {
    STATOR_CHECK(!rule->inner.empty());
    rule = rule->inner.data();
  }
  return rule->inner;
}

}  // namespace stator::dynamodb
