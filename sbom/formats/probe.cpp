// SPDX-License-Identifier: Apache-2.0
// Gives test scripts what they compare with other people's tools: `documents FOLDER` writes the
// sample Sbom in every format, `purl` answers each line of standard input with its canonical
// package URL or with "invalid".
#include "base/io/file.hpp"
#include "sbom/formats/formats.hpp"
#include "sbom/formats/sample_sbom.hpp"
#include "sbom/model/package_url.hpp"

#include <iostream>
#include <string>

namespace {

int write_documents(const std::string& folder) {
    using namespace bulla;
    for (const sbom::FormatRow& row : sbom::known_formats()) {
        const auto text = row.make()->encode(
            test::sample_sbom(), {.tool_version = "0.0.0", .timestamp = "2026-01-02T03:04:05Z"});
        const std::string path =
            folder + "/" + std::string(row.name) + "-" + std::string(row.version) + ".json";
        if (!text || !write_file_atomically(path, *text, Durability::relaxed)) {
            std::cerr << "cannot write " << path << "\n";
            return 1;
        }
    }
    return 0;
}

int answer_purls() {
    for (std::string line; std::getline(std::cin, line);) {
        const auto purl = bulla::sbom::PackageUrl::parse(line);
        std::cout << (purl ? purl->to_string() : "invalid") << "\n";
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    const std::string command = argc > 1 ? argv[1] : "";
    if (command == "documents" && argc == 3) {
        return write_documents(argv[2]);
    }
    return command == "purl" && argc == 2 ? answer_purls() : 2;
}
