#include <algorithm>
#include <set>

#include "cloudformation/sam/connector_profiles.hpp"
#include "cloudformation/sam/context.hpp"

namespace stator::cloudformation::sam {
namespace {

constexpr std::string_view kConnector = "AWS::Serverless::Connector";

/// One side of a connection.
struct Side {
  std::string id;             ///< "" when it is described without one
  std::string type;           ///< of plain CloudFormation
  std::string declared_type;  ///< as the template has it
  json::Value arn, role_name, resource_id, qualifier;
};

std::string plain_type(const std::string& type) {
  if (type == "AWS::Serverless::Function") return std::string(kLambda);
  if (type == "AWS::Serverless::SimpleTable") return std::string(kTable);
  if (type == "AWS::Serverless::HttpApi") return std::string(kApi);
  return type;
}

std::string type_in(const json::Object& resources, std::string_view id) {
  const json::Value* found = json::find(resources, id);
  if (found == nullptr || !found->is_object()) return "";
  return json::find_string(found->get_object(), "Type").value_or("");
}

/// The resource that a Ref or an Fn::GetAtt names; "" for anything else.
std::string id_of(const json::Value& value) {
  if (!is_intrinsic(value)) return "";
  const auto& call = *value.get_object().begin();
  const json::Value* name = &call.value();
  if (call.key() == "Fn::GetAtt" && name->is_array() && !name->get_array().empty()) {
    name = &name->get_array().front();
  } else if (call.key() != "Ref") {
    return "";
  }
  return name->is_string() ? std::string(name->get_string()) : "";
}

/// Errors carry the sentence alone.
Result<Side> side_of(const json::Value& described, const Context& context) {
  const json::Object* object = described.if_object();
  const bool has_id = object != nullptr && object->contains("Id");
  const bool has_more =
      object != nullptr && std::any_of(object->begin(), object->end(), [](const auto& member) {
        return member.key() != "Id" && member.key() != "Qualifier";
      });
  if (has_id == has_more) {
    return invalid(
        "Must provide 'Id' (with optional 'Qualifier') or a supported combination of other "
        "properties.");
  }
  const auto member = [&](const char* name) {
    const json::Value* value = given(*object, name);
    return value == nullptr ? json::Value() : *value;
  };
  Side side;
  side.qualifier = member("Qualifier");
  if (!has_id) {
    side.declared_type = json::find_string(*object, "Type").value_or("");
    if (side.declared_type.empty()) return invalid("'Type' is missing or not a string.");
    side.type = side.declared_type = plain_type(side.declared_type);
    side.arn = member("Arn");
    side.role_name = member("RoleName");
    side.resource_id = member("ResourceId");
    return side;
  }
  side.id = json::find_string(*object, "Id").value_or("");
  if (side.id.empty()) return invalid("'Id' is missing or not a string.");
  side.type = type_in(context.resources, side.id);
  side.declared_type = type_in(context.declared, side.id);
  if (side.type.empty()) {
    return invalid("Unable to find resource with logical ID '" + side.id + "'.");
  }
  side.arn = get_att(side.id, "Arn");
  if (side.type == kApi) {
    side.resource_id = ref_to(side.id);
    if (side.qualifier.is_null()) side.qualifier = "*";
  }
  if (side.type == kLambda) {
    const json::Object& made = context.resources.at(side.id).get_object();
    const json::Value* properties = given(made, "Properties");
    const json::Value* role = properties != nullptr && properties->is_object()
                                  ? given(properties->get_object(), "Role")
                                  : nullptr;
    const std::string role_id = role == nullptr ? "" : id_of(*role);
    if (!role_id.empty()) side.role_name = ref_to(role_id);
  }
  return side;
}

/// "ARN/index/*" where the ARN is a function's value.
json::Value below(const json::Value& arn, std::string_view suffix, const char* name) {
  if (suffix.empty()) return arn;
  return json::Object{{"Fn::Sub", json::Array{"${" + std::string(name) + "}" + std::string(suffix),
                                              json::Object{{name, arn}}}}};
}

/// A connector of one source to one destination.
struct Connection {
  const Resource& connector;
  Side source, destination;
  std::string suffix;  ///< of the ids of what is made

  [[nodiscard]] std::string pair() const { return source.type + " to " + destination.type; }
};

/// A resource of the connection, with a mark of where it comes from.
json::Object marked(const Connection& connection, std::string_view type, json::Object properties) {
  json::Object made = connection.connector.derived(type, std::move(properties));
  json::Value& metadata = made["Metadata"];
  if (!metadata.is_object()) metadata = json::Object();
  metadata.get_object()["aws:sam:connectors"] = json::Object{
      {connection.connector.id(),
       json::Object{
           {"Source", json::Object{{"Type", connection.source.declared_type}}},
           {"Destination", json::Object{{"Type", connection.destination.declared_type}}}}}};
  return made;
}

/// The function's only mapping of the source waits for the policy that lets it read.
void add_dependency(const Connection& connection, const std::string& policy_id, Context& context) {
  if (connection.source.id.empty() || connection.destination.id.empty()) return;
  std::vector<json::Object*> mappings;
  for (auto& entry : context.resources) {
    if (!entry.value().is_object()) continue;
    json::Object& made = entry.value().get_object();
    if (json::find_string(made, "Type") != "AWS::Lambda::EventSourceMapping") continue;
    const json::Value* properties = given(made, "Properties");
    if (properties == nullptr || !properties->is_object()) continue;
    const json::Value* function = given(properties->get_object(), "FunctionName");
    const json::Value* stream = given(properties->get_object(), "EventSourceArn");
    if (function != nullptr && stream != nullptr && id_of(*function) == connection.destination.id &&
        id_of(*stream) == connection.source.id) {
      mappings.push_back(&made);
    }
  }
  if (mappings.size() != 1) return;
  json::Value& needs = (*mappings.front())["DependsOn"];
  if (needs.is_string()) needs = json::Array{needs};
  if (!needs.is_array()) needs = json::Array();
  needs.get_array().push_back(json::Value(policy_id));
}

Result<void> check_permissions(const Connection& connection, const Profile& profile,
                               const std::set<std::string>& permissions) {
  const std::string pair = connection.pair();
  std::string known;
  for (const Access& access : profile.accesses) {
    known += (known.empty() ? "" : ", ") + std::string(access.name);
  }
  if (permissions.empty()) {
    return connection.connector.invalid_property(
        "Permissions", "'Permissions' cannot be empty; valid values are: " + known + ".");
  }
  for (const std::string& wanted : permissions) {
    const auto& all = profile.accesses;
    if (std::any_of(all.begin(), all.end(), [&](const Access& a) { return a.name == wanted; })) {
      continue;
    }
    return connection.connector.invalid_property(
        "Permissions", "Unsupported 'Permissions' provided for connector from " + pair +
                           "; valid values are: " + known + ".");
  }
  return {};
}

Result<void> make_policy(const Connection& connection, const Profile& profile,
                         const std::set<std::string>& permissions, Context& context) {
  const Side& owner = profile.is_of_destination ? connection.destination : connection.source;
  const Side& other = profile.is_of_destination ? connection.source : connection.destination;
  const char* name = profile.is_of_destination ? "SourceArn" : "DestinationArn";
  if (owner.role_name.is_null()) {
    return invalid_resource(connection.connector.id(),
                            std::string("Unable to get IAM role name from '") +
                                (profile.is_of_destination ? "Destination" : "Source") +
                                "' resource.");
  }
  if (other.arn.is_null()) {
    return invalid_resource(
        connection.connector.id(),
        std::string(profile.is_of_destination ? "Source" : "Destination") + ".Arn is missing.");
  }
  json::Array statements;
  for (const Access& access : profile.accesses) {
    if (!permissions.contains(std::string(access.name))) continue;
    json::Array actions, resources;
    for (const char* action : access.actions) actions.push_back(json::Value(action));
    for (const std::string_view suffix : profile.resources) {
      resources.push_back(below(other.arn, suffix, name));
    }
    statements.push_back(json::Object{
        {"Effect", "Allow"}, {"Action", std::move(actions)}, {"Resource", std::move(resources)}});
  }
  const std::string id = connection.connector.id() + "Policy" + connection.suffix;
  context.resources[id] =
      marked(connection, "AWS::IAM::ManagedPolicy",
             {{"PolicyDocument",
               json::Object{{"Version", "2012-10-17"}, {"Statement", std::move(statements)}}},
              {"Roles", json::Array{owner.role_name}}});
  if (profile.is_of_destination) add_dependency(connection, id, context);
  return {};
}

Result<void> make_permission(const Connection& connection, const Profile& profile,
                             Context& context) {
  json::Object properties{{"Action", "lambda:InvokeFunction"},
                          {"FunctionName", connection.destination.arn},
                          {"Principal", json::Value(profile.principal)}};
  if (connection.source.type == kApi) {
    if (connection.source.resource_id.is_null() || connection.source.qualifier.is_null()) {
      return invalid_resource(connection.connector.id(), connection.source.resource_id.is_null()
                                                             ? "Source.ResourceId is missing."
                                                             : "Source.Qualifier is missing.");
    }
    properties["SourceArn"] = json::Object{
        {"Fn::Sub",
         json::Array{"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
                     "${SourceResourceId}/${SourceQualifier}",
                     json::Object{{"SourceResourceId", connection.source.resource_id},
                                  {"SourceQualifier", connection.source.qualifier}}}}};
  } else {
    properties["SourceArn"] = connection.source.arn;
    properties["SourceAccount"] = json::Object{{"Fn::Sub", "${AWS::AccountId}"}};
  }
  context.resources[connection.connector.id() + "WriteLambdaPermission" + connection.suffix] =
      marked(connection, "AWS::Lambda::Permission", std::move(properties));
  return {};
}

Result<void> make(const Connection& connection, const std::set<std::string>& permissions,
                  Context& context) {
  const auto profile = std::find_if(profiles().begin(), profiles().end(), [&](const Profile& one) {
    return one.source == connection.source.type && one.destination == connection.destination.type;
  });
  if (profile == profiles().end()) {
    return invalid_resource(
        connection.connector.id(),
        "Unable to create connector from " + connection.pair() + "; it's not supported by stator.");
  }
  STATOR_TRY_VOID(check_permissions(connection, *profile, permissions));
  return profile->principal.empty() ? make_policy(connection, *profile, permissions, context)
                                    : make_permission(connection, *profile, context);
}

/// What depended on the connector depends on what it became.
void replace_dependency(const std::string& id, const json::Array& made, Context& context) {
  for (auto& entry : context.resources) {
    if (!entry.value().is_object()) continue;
    json::Value* needs = entry.value().get_object().if_contains("DependsOn");
    if (needs == nullptr) continue;
    json::Array list = needs->is_array() ? needs->get_array() : json::Array{*needs};
    const auto found = std::find(list.begin(), list.end(), json::Value(id));
    if (found == list.end()) continue;
    list.erase(found);
    for (const json::Value& one : made) list.push_back(one);
    *needs = std::move(list);
  }
}

}  // namespace

Result<void> embed_connectors(json::Object& resources) {
  json::Object connectors;
  for (auto& entry : resources) {
    if (!entry.value().is_object()) continue;
    const std::string source(entry.key());
    json::Object& resource = entry.value().get_object();
    const json::Value* own = json::find(resource, "Connectors");
    if (own == nullptr) continue;
    if (!own->is_object()) {
      return invalid_resource(source, "Resource attribute 'Connectors' should be a map.",
                              {"Connectors"});
    }
    for (const auto& member : own->get_object()) {
      const std::string id = source + std::string(member.key());
      const json::Value* declared =
          member.value().is_object() ? given(member.value().get_object(), "Properties") : nullptr;
      if (declared == nullptr || !declared->is_object()) {
        return invalid_resource(
            source, "Connectors." + std::string(member.key()) + ".Properties should be a map.",
            {"Connectors", std::string(member.key())});
      }
      if (resources.contains(id)) {
        return invalid_resource(source, "Transforming resource with id [" + source +
                                            "] attempts to create a new resource [" + id +
                                            "], which is there already.");
      }
      json::Object properties = declared->get_object();
      json::Object from{{"Id", source}};
      if (const json::Value* more = given(properties, "SourceReference")) {
        if (!more->is_object() || more->get_object().contains("Id")) {
          return invalid_resource(source, "'Id' shouldn't be defined in 'SourceReference'.");
        }
        for (const auto& one : more->get_object()) from[one.key()] = one.value();
        properties.erase("SourceReference");
      }
      properties["Source"] = std::move(from);
      json::Object connector = member.value().get_object();
      connector["Type"] = json::Value(kConnector);
      connector["Properties"] = std::move(properties);
      connectors[id] = std::move(connector);
    }
    resource.erase("Connectors");
  }
  for (auto& connector : connectors) resources[connector.key()] = std::move(connector.value());
  return {};
}

Result<void> expand_connector(const Resource& connector, Context& context) {
  STATOR_TRY_VOID(connector.allow_only({"Source", "Destination", "Permissions"}));
  for (const char* needed : {"Source", "Destination", "Permissions"}) {
    if (connector.property(needed) != nullptr) continue;
    return invalid_resource(connector.id(),
                            "Missing required property '" + std::string(needed) + "'.");
  }
  std::set<std::string> permissions;
  const json::Value& wanted = *connector.property("Permissions");
  if (!wanted.is_array()) {
    return connector.invalid_property("Permissions", "Property 'Permissions' should be a list.");
  }
  for (const json::Value& one : wanted.get_array()) {
    permissions.insert(one.is_string() ? std::string(one.get_string()) : json::dump(one));
  }
  const json::Value& to = *connector.property("Destination");
  const json::Array list = to.is_array() ? to.get_array() : json::Array{to};
  if (list.empty()) {
    return connector.invalid_property("Destination", "'Destination' is an empty list");
  }
  json::Array made;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto destination = side_of(list[i], context);
    if (!destination) return invalid_resource(connector.id(), destination.error().message);
    auto source = side_of(*connector.property("Source"), context);
    if (!source) return invalid_resource(connector.id(), source.error().message);
    const std::string suffix = to.is_array() ? "Destination" + std::to_string(i) : "";
    const std::size_t before = context.resources.size();
    const Connection connection{connector, std::move(*source), std::move(*destination), suffix};
    STATOR_TRY_VOID(make(connection, permissions, context));
    for (std::size_t at = before; at < context.resources.size(); ++at) {
      made.push_back(
          json::Value((context.resources.begin() + static_cast<std::ptrdiff_t>(at))->key()));
    }
  }
  replace_dependency(connector.id(), made, context);
  return {};
}

}  // namespace stator::cloudformation::sam
