#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "aws/call.hpp"
#include "aws/input.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

/// What an AWS API operation is, independent of service: a name, a wire shape, the permissions it
/// needs and a handler. One operation, one file: `dynamodb/ops/put_item.cpp` exports one factory.
namespace stator::aws {

/// X-Amz-Target: PREFIX.Name (json 1.0 and 1.1) or Action=Name (query): the name says it all.
struct ByName {};

/// rest-json and rest-xml: method and path. A label `{Name}` takes one segment, `{Name+}` the rest;
/// labels arrive percent-decoded once, as members of the input.
struct ByPath {
  std::string method;
  std::string path;  ///< "/2015-03-31/functions/{FunctionName}"
  int status = 200;  ///< of a success
  /// Query parameters and headers that become members: {"Qualifier", "Qualifier"}. A parameter that
  /// occurs several times becomes an array of texts when its member ends in "[]" here.
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// A query parameter that must be there for the path to match (S3's sub-resources), or "".
  std::string required_query = {};
};

using Wire = std::variant<ByName, ByPath>;

/// What a raw handler sees beside the call: the request and the path's decoded labels.
struct RawRequest {
  const http::Request& http;
  const std::vector<std::pair<std::string, std::string>>& labels;

  /// A label by name; "" when the path has none of that name.
  [[nodiscard]] std::string_view label(std::string_view name) const;
};

/// Answers a raw operation, once, from any thread.
using Reply = std::function<void(Result<http::Response>)>;

class Operation {
 public:
  /// A control-plane operation: JSON members in, JSON members out, on a worker thread, where it may
  /// take its time. `needs` sees the input before anything is done with it; it must not reveal by
  /// its errors what only an authorized caller may know.
  using JsonNeeds = std::function<Result<Needs>(const Call&, const Input&)>;
  using JsonHandler = std::function<Result<json::Object>(Call&, const Input&)>;
  [[nodiscard]] static Operation json(std::string name, Wire wire, JsonNeeds needs,
                                      JsonHandler handler);

  /// A data-plane operation, on the loop that read the request, over a request parsed once into
  /// `Parsed` (which must be movable). It answers before it returns.
  template <class Parsed>
  [[nodiscard]] static Operation raw(
      std::string name, Wire wire,
      std::function<Result<Parsed>(const Call&, const RawRequest&)> parse,
      std::function<Result<Needs>(const Call&, const Parsed&)> needs,
      std::function<Result<http::Response>(Call&, Parsed)> handler) {
    return raw_later<Parsed>(
        std::move(name), std::move(wire), std::move(parse), std::move(needs),
        [handler = std::move(handler)](Call& call, Parsed parsed, Reply reply) {
          reply(handler(call, std::move(parsed)));
        });
  }

  /// The same, but the handler may keep `reply` and answer later. The call lives until then.
  template <class Parsed>
  [[nodiscard]] static Operation raw_later(
      std::string name, Wire wire,
      std::function<Result<Parsed>(const Call&, const RawRequest&)> parse,
      std::function<Result<Needs>(const Call&, const Parsed&)> needs,
      std::function<void(Call&, Parsed, Reply)> handler) {
    return Operation(
        std::move(name), std::move(wire),
        [parse = std::move(parse), needs = std::move(needs), handler = std::move(handler)](
            Call& call, const RawRequest& request, Authorizer& authorizer, Reply reply) {
          auto parsed = parse(call, request);
          if (!parsed) return reply(std::move(parsed).error());
          const auto wanted = needs(call, *parsed);
          if (!wanted) return reply(wanted.error());
          const auto granted = authorizer.authorize(call, *wanted);
          if (!granted) return reply(granted.error());
          handler(call, std::move(*parsed), std::move(reply));
        });
  }

  /// The same operation for callers who sign nothing, because the input carries a proof of its own
  /// (sts:AssumeRoleWithWebIdentity): signatures are not looked at and the principal is kAnonymous.
  [[nodiscard]] Operation without_signature() && {
    is_signed_ = false;
    return std::move(*this);
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Wire& wire() const { return wire_; }
  [[nodiscard]] bool is_signed() const { return is_signed_; }
  [[nodiscard]] bool is_json() const { return static_cast<bool>(json_handler_); }

  /// Authorizes, then handles. For JSON operations only; blocks this thread as long as it takes.
  [[nodiscard]] Result<json::Object> run_json(Call& call, const Input& input,
                                              Authorizer& authorizer) const;

  /// For raw operations only. `call` must live until the reply was given.
  void run_raw(Call& call, const RawRequest& request, Authorizer& authorizer, Reply reply) const;

 private:
  using RawRun = std::function<void(Call&, const RawRequest&, Authorizer&, Reply)>;
  Operation(std::string name, Wire wire, RawRun run)
      : name_(std::move(name)), wire_(std::move(wire)), raw_run_(std::move(run)) {}
  Operation(std::string name, Wire wire, JsonNeeds needs, JsonHandler handler)
      : name_(std::move(name)),
        wire_(std::move(wire)),
        json_needs_(std::move(needs)),
        json_handler_(std::move(handler)) {}

  std::string name_;
  Wire wire_;
  bool is_signed_ = true;
  JsonNeeds json_needs_;
  JsonHandler json_handler_;
  RawRun raw_run_;
};

enum class Protocol { kJson10, kJson11, kQuery, kRestJson, kRestXml };

/// A service: how it is addressed on the wire, and its operations. There is no way to make an
/// Operation without saying what it needs, so "authorized" is a property of the type.
struct Service {
  std::string signing_name;  ///< "dynamodb": the credential scope, and how the router finds it
  Protocol protocol = Protocol::kJson10;
  std::string target_prefix = {};  ///< json: "DynamoDB_20120810"
  std::string api_version = {};    ///< query: "2010-05-08"
  std::string xml_namespace =
      {};  ///< query and rest-xml: "https://iam.amazonaws.com/doc/2010-05-08/"
  std::vector<Operation> operations;
};

}  // namespace stator::aws
