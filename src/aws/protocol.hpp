#pragma once

#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "aws/operation.hpp"
#include "aws/path_template.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

/// How requests, answers and errors of each protocol look on the wire.
/// https://smithy.io/2.0/aws/protocols/index.html
namespace stator::aws {

/// As each service makes them: 52 capitals and digits for DynamoDB, 16 for S3, elsewhere a UUID.
[[nodiscard]] std::string make_request_id(const Service& service, Random& random);

/// The largest body that an operation of this service may be sent.
[[nodiscard]] std::size_t body_bytes_max(const Service& service);

/// The members of a control-plane request. `labels` are those of its path.
[[nodiscard]] Result<Input> read_input(const Service& service, const Operation& operation,
                                       const http::Request& request, const Labels& labels);

/// What a control-plane operation answered, in its protocol.
[[nodiscard]] http::Response write_output(const Service& service, const Operation& operation,
                                          const json::Object& output, std::string_view request_id);

[[nodiscard]] http::Response write_error(const Service& service, const Error& error,
                                         std::string_view request_id);

/// Adds the headers that every answer of the service carries: request id, content type where there
/// is none yet, and for json 1.0 the checksum of the body.
void finish_response(const Service& service, std::string_view request_id, http::Response& response);

namespace detail {

Result<Input> read_json_input(const http::Request& request);
http::Response write_json_error(const Service& service, const Error& error);

Result<Input> read_query_input(const http::Request& request);
http::Response write_query_output(const Service& service, const Operation& operation,
                                  const json::Object& output, std::string_view request_id);
http::Response write_query_error(const Service& service, const Error& error,
                                 std::string_view request_id);

Result<Input> read_rest_input(const Service& service, const ByPath& wire,
                              const http::Request& request, const Labels& labels);
http::Response write_rest_output(const ByPath& wire, const json::Object& output);
http::Response write_rest_error(const Service& service, const Error& error);

http::Response write_rest_xml_error(const Service& service, const Error& error,
                                    std::string_view request_id);

/// Adds the members of `error.detail_json`, which is ours and not the client's.
void merge_detail(json::Object& body, const Error& error);

}  // namespace detail
}  // namespace stator::aws
