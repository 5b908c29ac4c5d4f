#include "dynamodb/expr/check.hpp"
#include "dynamodb/expr/check_common.hpp"

namespace stator::dynamodb::expr {

namespace {

/// The names that ADD and DELETE give types in their message.
std::string_view long_name(Type type) {
  switch (type) {
    case Type::kS:
      return "STRING";
    case Type::kN:
      return "NUMBER";
    case Type::kB:
      return "BINARY";
    case Type::kBool:
      return "BOOLEAN";
    case Type::kNull:
      return "NULL";
    case Type::kL:
      return "LIST";
    case Type::kM:
      return "MAP";
    case Type::kSs:
      return "STRING SET";
    case Type::kNs:
      return "NUMBER SET";
    case Type::kBs:
      return "BINARY SET";
  }
  return "";
}

bool is_set(Type type) {
  return type == Type::kSs || type == Type::kNs || type == Type::kBs;
}

bool is_condition_function(std::string_view name) {
  for (const std::string_view known : {"attribute_exists", "attribute_not_exists", "attribute_type",
                                       "begins_with", "contains", "size"}) {
    if (name == known) return true;
  }
  return false;
}

class UpdateCheck {
 public:
  explicit UpdateCheck(Wording wording) : wording_(wording) {}

  Result<void> reserved(const Node& node) const {
    STATOR_TRY_VOID(check_reserved(wording_, node.path));
    for (const Node& argument : node.args) STATOR_TRY_VOID(reserved(argument));
    return {};
  }

  Result<void> known_functions(const Node& node) const {
    if (node.kind == Node::Kind::kFunction && node.text != "if_not_exists" &&
        node.text != "list_append") {
      return wording_.fail_with(
          (is_condition_function(node.text)
               ? "The function is not allowed in an update expression; function: "
               : "Invalid function name; function: ") +
          node.text);
    }
    for (const Node& argument : node.args) STATOR_TRY_VOID(known_functions(argument));
    return {};
  }

  Result<void> added_type(const Action& action) const {
    if (action.kind != Action::Kind::kAdd && action.kind != Action::Kind::kDelete) return {};
    const bool is_add = action.kind == Action::Kind::kAdd;
    const Type type = action.operand.value->type();
    if (is_set(type) || (is_add && type == Type::kN)) return {};
    const std::string operation = is_add ? "ADD" : "DELETE";
    return wording_.fail_with("Incorrect operand type for operator or function; operator: " +
                              operation + ", operand type: " + std::string(long_name(type)) +
                              ", typeSet: ALLOWED_FOR_" + operation + "_OPERAND");
  }

  Result<void> function_types(const Node& node) const {
    for (const Node& argument : node.args) STATOR_TRY_VOID(function_types(argument));
    if (node.kind == Node::Kind::kPlus) return literals_are(node, "+", Type::kN);
    if (node.kind == Node::Kind::kMinus) return literals_are(node, "-", Type::kN);
    if (node.kind != Node::Kind::kFunction) return {};
    if (node.args.size() != 2) return wrong_operand_count(wording_, node);
    if (node.text == "list_append") return literals_are(node, node.text, Type::kL);
    if (node.args[0].kind == Node::Kind::kPath) return {};
    return needs_document_path(wording_, node.text);
  }

 private:
  Result<void> literals_are(const Node& node, std::string_view operation, Type wanted) const {
    for (const Node& argument : node.args) {
      const auto type = literal_type(argument);
      if (!type || *type == wanted) continue;
      return wrong_operand_type(wording_, operation, dynamodb::to_string(*type));
    }
    return {};
  }

  Wording wording_;
};

}  // namespace

Result<void> check_update(Wording wording, std::string_view repeated_section, Update& update,
                          Placeholders& placeholders) {
  const UpdateCheck check(wording);
  for (const Action& action : update.actions) {
    STATOR_TRY_VOID(check_reserved(wording, action.path));
    STATOR_TRY_VOID(check.reserved(action.operand));
  }
  for (const Action& action : update.actions) {
    STATOR_TRY_VOID(check.known_functions(action.operand));
  }
  if (!repeated_section.empty()) {
    return wording.fail_with("The \"" + std::string(repeated_section) +
                             "\" section can only be used once in an update expression;");
  }
  for (Action& action : update.actions) {
    STATOR_TRY_VOID(resolve_names(wording, action.path, placeholders));
    STATOR_TRY_VOID(resolve_names(wording, action.operand, placeholders));
  }
  for (Action& action : update.actions) {
    STATOR_TRY_VOID(resolve_values(wording, action.operand, placeholders));
  }
  std::vector<const Path*> paths;
  for (const Action& action : update.actions) paths.push_back(&action.path);
  STATOR_TRY_VOID(check_overlap(wording, paths));
  for (const Action& action : update.actions) STATOR_TRY_VOID(check.added_type(action));
  for (const Action& action : update.actions) {
    STATOR_TRY_VOID(check.function_types(action.operand));
  }
  return {};
}

Result<void> check_projection(Wording wording, Projection& projection, Placeholders& placeholders) {
  for (const Path& path : projection) STATOR_TRY_VOID(check_reserved(wording, path));
  for (Path& path : projection) STATOR_TRY_VOID(resolve_names(wording, path, placeholders));
  std::vector<const Path*> paths;
  for (const Path& path : projection) paths.push_back(&path);
  return check_overlap(wording, paths);
}

}  // namespace stator::dynamodb::expr
