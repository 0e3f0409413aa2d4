// SPDX-License-Identifier: Apache-2.0
// Prints what our tar reader sees in the archive on standard input, one file a line, for comparison
// with other readers: kind, name, link target, size and content, all but kind and size in hex. A
// refusal is the one line "refused".
#include "base/archive/tar_walker.hpp"
#include "base/core/text.hpp"

#include <iostream>
#include <iterator>
#include <string>

namespace {

using namespace bulla;

class Printer final : public archive::TarVisitor {
  public:
    std::string out;

    Result<archive::ContentWish> entry(const archive::TarEntry& entry) override {
        static constexpr std::string_view letters = "fdlhcbp"; // the order of archive::TarKind
        out += letters[static_cast<std::size_t>(entry.kind)];
        out += " " + text::to_hex(entry.name) + " " + text::to_hex(entry.link) + " " +
               std::to_string(entry.size) + " ";
        if (entry.kind != archive::TarKind::regular) {
            out += '\n';
        }
        return archive::ContentWish::deliver;
    }

    Status content(ByteView piece) override {
        out += text::to_hex(piece);
        return ok();
    }

    Status content_end() override {
        out += '\n';
        return ok();
    }

    void note(std::string) override {}
};

} // namespace

int main() {
    const std::string tar{std::istreambuf_iterator<char>(std::cin), {}};
    Printer printer;
    archive::TarWalker walker(printer);
    auto status = walker.feed(tar);
    if (status) {
        status = walker.finish();
    }
    std::cout << (status ? printer.out : "refused\n");
    if (!status) {
        std::cerr << status.error().message << '\n';
    }
    return 0;
}
