#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aws/path_template.hpp"
#include "aws/query_form.hpp"
#include "aws/xml.hpp"

using namespace stator;

/// Any form is nested members or an error, and what was read can be written as XML; any path fits a
/// template or does not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const aws::PathTemplate kPaths[] = {
      aws::PathTemplate("/2015-03-31/functions/{FunctionName}/policy/{StatementId}"),
      aws::PathTemplate("/{Bucket}/{Key+}"), aws::PathTemplate("/")};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)aws::form_field(text, "Action");
  if (const auto members = aws::parse_form(text)) {
    std::string out;
    aws::append_xml_element(out, "Result", *members);
  }
  for (const aws::PathTemplate& path : kPaths) {
    if (path.matches(text)) (void)path.labels(text).has_value();
  }
  return 0;
}
