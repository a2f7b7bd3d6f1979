import { join } from 'node:path';
import * as ts from 'typescript';

const SRC = join(__dirname, '../../../src');
/** A longer union is shown by its name. */
const MOST_VALUES = 4;
const OPTIONS: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, types: ['node'] };

/** What a package's entry exports, read from its declaration and docstring. */
export interface Declared {
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'function' | 'type' | 'constant';
  readonly doc: Doc;
  /** Of a function, with its parameters and result; of a type, its definition; otherwise undefined. */
  readonly definition?: string;
  /** Of a class that users create: how, and what may go wrong. */
  readonly creation?: Member;
  /** Of a class or an interface, own and inherited within the package. */
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly doc: Doc;
  /** The type of a property; the parameters and the result of a method. */
  readonly type: string;
  readonly kind: 'property' | 'method';
  readonly isOptional: boolean;
}

export interface Doc {
  /** What it documents, such as `Accepted.payment`. */
  readonly of: string;
  /** Empty without a docstring. */
  readonly text: string;
  readonly default?: string;
  /** Sentences on parameters, the result and errors. */
  readonly details: readonly string[];
}

let program: ts.Program | undefined;

function compiled(): { readonly files: ts.Program; readonly checker: ts.TypeChecker } {
  program ??= ts.createProgram(
    ['index.ts', 'contract/index.ts', 'producer/index.ts'].map((file) => join(SRC, file)),
    OPTIONS,
  );
  return { files: program, checker: program.getTypeChecker() };
}

/** The exports of an entry, such as `producer/index.ts`. */
export function exportsOf(entry: string): Declared[] {
  const { files, checker } = compiled();
  const module = checker.getSymbolAtLocation(files.getSourceFile(join(SRC, entry))!)!;
  return checker.getExportsOfModule(module).map((symbol) => {
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const isTypeOnly = symbol.declarations?.some(ts.isTypeOnlyExportDeclaration) === true;
    return declared(isAlias ? checker.getAliasedSymbol(symbol) : symbol, isTypeOnly);
  });
}

/** The properties of a type that a file declares, whether it exports it or not. */
export function propertiesOf(file: string, type: string): Member[] {
  const { files, checker } = compiled();
  const found = files
    .getSourceFile(join(SRC, file))!
    .statements.find(
      (one): one is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
        (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)) && one.name.text === type,
    )!;
  return checker
    .getPropertiesOfType(checker.getTypeAtLocation(found))
    .filter((symbol) => (checker.getTypeOfSymbol(symbol).flags & ts.TypeFlags.Never) === 0)
    .map((symbol) => member(symbol, type));
}

/** The docstrings of the entries of a file's object literals, by key. */
export function entryDocs(file: string): ReadonlyMap<string, string> {
  const docs = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    const [doc] = ts.isPropertyAssignment(node) ? ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc) : [];
    if (doc !== undefined && ts.isPropertyAssignment(node))
      docs.set(node.name.getText(), oneLine(ts.getTextOfJSDocComment(doc.comment) ?? ''));
    ts.forEachChild(node, visit);
  };
  visit(compiled().files.getSourceFile(join(SRC, file))!);
  return docs;
}

function declared(symbol: ts.Symbol, isTypeOnly: boolean): Declared {
  const { checker } = compiled();
  const declaration = symbol.declarations![0]!;
  const doc = docOf(symbol, symbol.name);
  const base = { name: symbol.name, doc, members: [] };
  if (ts.isFunctionDeclaration(declaration)) return { ...base, kind: 'function', definition: signature(declaration) };
  if (ts.isTypeAliasDeclaration(declaration))
    return { ...base, kind: 'type', definition: typeText(checker.getTypeAtLocation(declaration), declaration.type) };
  if (ts.isVariableDeclaration(declaration)) return { ...base, kind: 'constant' };
  const ofInstances = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
  if (ts.isInterfaceDeclaration(declaration))
    return { ...base, kind: 'interface', members: membersOf(ofInstances, symbol.name) };
  const ofClass = checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol));
  const created = (declaration as ts.ClassDeclaration).members.find(ts.isConstructorDeclaration);
  const isDocumented = created !== undefined && ts.getJSDocCommentsAndTags(created).length > 0 && !isTypeOnly;
  return {
    ...base,
    kind: 'class',
    members: membersOf([...ofClass, ...ofInstances], symbol.name),
    ...(isDocumented && {
      creation: {
        name: 'constructor',
        kind: 'method',
        type: `new ${symbol.name}(${parameters(created)})`,
        isOptional: false,
        doc: documentation(`new ${symbol.name}`, '', ts.getJSDocTags(created)),
      },
    }),
  };
}

function membersOf(symbols: readonly ts.Symbol[], owner: string): Member[] {
  return symbols.filter(isOurs).map((symbol) => member(symbol, owner));
}

/** Whether a member is public, and neither a base class's outside the package nor a mere override. */
function isOurs({ valueDeclaration, flags }: ts.Symbol): boolean {
  if (valueDeclaration === undefined || (flags & ts.SymbolFlags.Prototype) !== 0) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  const { fileName } = valueDeclaration.getSourceFile();
  return fileName.startsWith(SRC) && (ts.getCombinedModifierFlags(valueDeclaration) & hidden) === 0;
}

function member(symbol: ts.Symbol, owner: string): Member {
  const { checker } = compiled();
  const declaration = symbol.declarations![0] as ts.PropertySignature | ts.MethodDeclaration;
  const isMethod = ts.isMethodDeclaration(declaration);
  const isStatic = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Static) !== 0;
  return {
    name: symbol.name,
    kind: isMethod ? 'method' : 'property',
    type: isMethod
      ? `${isStatic ? `${owner}.` : ''}${signature(declaration)}`
      : typeText(checker.getTypeOfSymbol(symbol), declaration.type),
    isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
    doc: docOf(symbol, `${owner}.${symbol.name}`),
  };
}

/** The type as it is written; the values of a short union of texts. */
function typeText(type: ts.Type, written: ts.TypeNode | undefined): string {
  const values = type.isUnion() ? type.types : [type];
  if (values.every((one) => one.isStringLiteral()) && values.length <= MOST_VALUES)
    return values.map((one) => `'${one.value}'`).join(' | ');
  return oneLine(written?.getText() ?? compiled().checker.typeToString(type));
}

function signature(declaration: ts.FunctionDeclaration | ts.MethodDeclaration): string {
  const generics = declaration.typeParameters?.map((one) => one.getText()).join(', ');
  const result = declaration.type === undefined ? '' : `: ${oneLine(declaration.type.getText())}`;
  return `${declaration.name!.getText()}${generics === undefined ? '' : `<${generics}>`}(${parameters(declaration)})${result}`;
}

function parameters({ parameters: all }: ts.SignatureDeclaration): string {
  return all
    .map((one) => {
      const isOptional = one.initializer !== undefined || one.questionToken !== undefined;
      const type = oneLine(
        one.type?.getText() ?? compiled().checker.typeToString(compiled().checker.getTypeAtLocation(one)),
      );
      // A parameter that is taken apart has no name: the last word of its type is one.
      const name = ts.isIdentifier(one.name)
        ? one.name.text
        : (/[A-Z][a-z]*$/.exec(type)?.[0].toLowerCase() ?? 'value');
      return `${name}${isOptional ? '?' : ''}: ${type}`;
    })
    .join(', ');
}

function docOf(symbol: ts.Symbol, name: string): Doc {
  const { checker } = compiled();
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const tags = symbol.declarations!.flatMap((one) => ts.getJSDocTags(one));
  return documentation(name, text, tags);
}

function documentation(of: string, text: string, tags: readonly ts.JSDocTag[]): Doc {
  const textOf = ({ comment }: ts.JSDocTag) => oneLine(ts.getTextOfJSDocComment(comment) ?? '');
  const initial = tags.find(({ tagName }) => tagName.text === 'default');
  const details = tags.flatMap((tag) => {
    if (ts.isJSDocParameterTag(tag)) return [`\`${tag.name.getText()}\`: ${textOf(tag)}.`];
    const head = { returns: 'Returns', throws: 'Throws' }[tag.tagName.text];
    return head === undefined ? [] : [`${head} ${textOf(tag)}.`];
  });
  return { of, text: paragraphs(text), ...(initial && { default: textOf(initial) }), details };
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map(oneLine)
    .join('\n\n');
}

/** In one line, with the names of `{@link}` as code. */
function oneLine(text: string): string {
  return text
    .replace(/\{@link (\w+)\s*\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
}
