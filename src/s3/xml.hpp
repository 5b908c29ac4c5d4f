#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

/// The little XML that S3 speaks.
namespace stator::s3 {

/// An answer's document, written from the outside in.
class XmlDocument {
 public:
  /// Opens the root, which carries S3's namespace.
  explicit XmlDocument(std::string_view root);
  void open(std::string_view name);
  void close(std::string_view name);
  /// `<name>text</name>`
  void element(std::string_view name, std::string_view text);
  /// Elements that are written already.
  void raw(std::string_view xml) { text_.append(xml); }
  /// Text within what is open.
  void text(std::string_view text);
  /// Closes the root; the answer with this document as its body.
  [[nodiscard]] http::Response finish(int status = 200) &&;

 private:
  std::string root_;
  std::string text_;
};

/// An answer with an error's document, which has no namespace; for statuses that no ErrorCode has.
[[nodiscard]] http::Response error_document(
    int status, std::initializer_list<std::pair<std::string_view, std::string_view>> elements);

/// An element of a request's document: text, or elements.
struct XmlElement {
  std::string name;
  std::string text = {};
  std::vector<XmlElement> children = {};

  /// The first child of that name; null when there is none.
  [[nodiscard]] const XmlElement* find(std::string_view name) const;
  /// Its text, "" when there is none.
  [[nodiscard]] std::string text_of(std::string_view name) const;
  /// NotImplemented, naming it, for the first child of another name.
  [[nodiscard]] Result<void> allow_only(std::initializer_list<std::string_view> names) const;
};
/// The root, at most eight elements deep. MalformedXML unless it has that name, and for documents
/// with a DTD.
[[nodiscard]] Result<XmlElement> parse_xml(std::string_view text, std::string_view root);

}  // namespace stator::s3
