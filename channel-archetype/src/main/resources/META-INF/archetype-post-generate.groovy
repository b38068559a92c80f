// Run by archetype:generate at the end: in batch mode it asks the descriptor's rules of nobody.
def rules = [
    name: [/[A-Z][A-Za-z0-9]*/, 'a class name, such as -Dname=Beeper'],
    type: [/[a-z][a-z0-9-]{0,31}/, 'a letter, then letters, digits and dashes, all small, 32 at most, such as -Dtype=beeper'],
]
rules.each { key, rule ->
    def said = request.properties.getProperty(key)
    if (!(said ==~ rule[0])) {
        throw new IllegalArgumentException("-D$key=$said cannot be: write ${rule[1]}. "
            + "Delete ${new File(request.outputDirectory, request.artifactId)} and generate again")
    }
}
