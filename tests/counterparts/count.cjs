// Reads [kind, texts] as JSON, prints what the counterpart makes of each text.
const [kind, texts] = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const answers = {
  x: () => {
    const twitter = require('twitter-text')
    const parse = (twitter.default || twitter).parseTweet
    return texts.map((text) => { const { weightedLength, valid } = parse(text); return [weightedLength, valid] })
  },
  graphemes: () => {
    const segmenter = new Intl.Segmenter()
    return texts.map((text) => [...segmenter.segment(text)].length)
  },
  facets: () => {
    const { RichText } = require('@atproto/api')
    return texts.map((text) => {
      const rich = new RichText({ text })
      rich.detectFacetsWithoutResolution()
      return (rich.facets || []).map(({ index, features }) => ({
        index: { byteStart: index.byteStart, byteEnd: index.byteEnd }, features,
      }))
    })
  },
}
console.log(JSON.stringify(answers[kind]()))
