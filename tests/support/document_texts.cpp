#include "support/document_texts.hpp"

#include "wire/xml.hpp"

namespace cairn::test {
namespace {

void collect(wire::xml::element from, std::string_view path, std::vector<std::string>& to) {
    const auto name = path.substr(0, path.find('/'));
    for (const auto each : from) {
        if (each.name() != name) continue;
        if (name.size() == path.size())
            to.push_back(each.text());
        else
            collect(each, path.substr(name.size() + 1), to);
    }
}

}  // namespace

std::vector<std::string> document_texts(std::string_view document, std::string_view path) {
    std::vector<std::string> texts;
    const auto read = wire::xml::document::parse(document);
    if (read) collect(read->root(), path, texts);
    return texts;
}

}  // namespace cairn::test
